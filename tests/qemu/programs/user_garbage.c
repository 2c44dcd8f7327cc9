/*
 * user_garbage - shells, one after the other, for what no person would type (tests/qemu/garbage_test.cpp)
 *
 * Ctrl-D ends one of them, and the next begins, until the command `enough` has run.
 */
#include "shell_use.h"

static volatile bool8 is_enough;

shellcmd xsh_enough(int nargs, char *args[])
{
    (void)nargs, (void)args;
    is_enough = TRUE;
    return SHELL_OK;
}

process main(void)
{
    struct use before = use_before();
    int32 shells = 0;

    do {
        shell_main();
        shells++;
    } while (!is_enough);
    kprintf("\nshells: %d\n", shells);
    print_use(before);
    return OK;
}
