/* kread.c - reads the kernel's code */
#include <xinu.h>

static int read_from(uint32 address)
{
    return *(volatile int *)address;
}

process main(void)
{
    printf("kread: reads the kernel\n");
    read_from(0x00100000);
    printf("kread: goes on\n");
    return OK;
}
