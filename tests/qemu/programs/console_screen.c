/* The screen and the keyboard of a PC beside its serial line, with the shell. The test types at the keyboard. */
#include <xinu.h>
#include <xinu/shell.h>

/* More lines than the video memory has rows. */
shellcmd xsh_rows(int nargs, char *args[])
{
    for (int32 i = 0; i < 230; i++)
        printf("row %d of %s\n", i, args[nargs - 1]);
    kprintf("from kprintf of %s\ttab, then\bN\r^\n", args[nargs - 1]);
    return OK;
}

shellcmd xsh_forever(int nargs, char *args[])
{
    (void)nargs, (void)args;
    printf("waiting\n");
    for (;;)
        sleep(1000);
}

process main(void)
{
    return shell_main();
}
