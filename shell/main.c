/* main.c - the program of an image that has none of its own: of `make shell`, and of one with commands only */
#include <xinu.h>
#include <xinu/shell.h>

/* Not main(): see tools/build/link_image.py. */
process shell_main(void)
{
    pid32 pid;

    recvclr();
    pid = create(shell, 16384, INITPRIO + 30, "shell", 1, CONSOLE);
    if (resume(pid) == SYSERR)
        return SYSERR;
    while (receive() != (umsg32)pid)
        ;
    return OK;
}
