/* nullwrite.c - writes to address 0 */
#include <xinu.h>

static void write_to(uint32 address)
{
    *(volatile int *)address = 1;
}

process main(void)
{
    printf("nullwrite: writes to address 0\n");
    write_to(0);
    printf("nullwrite: goes on\n");
    return OK;
}
