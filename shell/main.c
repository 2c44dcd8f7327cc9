/* main.c - the shell as a program: of apps/shell.c, and of an image that has commands and no main() */
#include <xinu.h>
#include <xinu/shell.h>

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
