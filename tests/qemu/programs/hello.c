/* The smallest program: prints a line and ends. */
#include <xinu.h>

process main(void)
{
    kprintf("hello\n");
    return OK;
}
