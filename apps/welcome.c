/* welcome.c - the tour, and then a prompt: what `make run` starts on a terminal */
#include <xinu.h>
#include <xinu/shell.h>

process main(void)
{
    char tour[] = "demo";

    shell_line(tour);
    return shell_main();
}
