/* kwrite.c - writes to the kernel's code */
#include <xinu.h>

static void write_to(uint32 address)
{
    *(volatile int *)address = 1;
}

process main(void)
{
    printf("kwrite: writes to the kernel\n");
    write_to(0x00100000);
    printf("kwrite: goes on\n");
    return OK;
}
