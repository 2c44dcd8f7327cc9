/* user_person - a shell for a person at the terminal (tests/qemu/person_test.py) */
#include "shell_use.h"

shellcmd xsh_person(int nargs, char *args[])
{
    printf("%s of %d\n", args[nargs - 1], nargs);
    return SHELL_OK;
}

process main(void)
{
    struct use before = use_before();

    shell_main();
    print_use(before);
    return OK;
}
