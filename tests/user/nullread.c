/* nullread.c - reads address 0 */
#include <xinu.h>

static int read_from(uint32 address)
{
    return *(volatile int *)address;
}

process main(void)
{
    printf("nullread: reads address 0\n");
    read_from(0);
    printf("nullread: goes on\n");
    return OK;
}
