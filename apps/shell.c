/* shell.c - nothing but the shell; `make shell` starts it */
#include <xinu.h>
#include <xinu/shell.h>

process main(void)
{
    return shell_main();
}
