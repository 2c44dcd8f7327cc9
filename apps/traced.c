/* traced.c - what one of the examples makes of the processes: the shell's trace, without a person */
#include <xinu.h>
#include <xinu/shell.h>

process main(void)
{
    char line[] = "trace run vacation";

    return shell_line(line);
}
