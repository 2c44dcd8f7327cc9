/* textwrite.c - writes to its own code */
#include <xinu.h>

static void write_to(uint32 address)
{
    *(volatile int *)address = 1;
}

process main(void)
{
    printf("textwrite: writes to its own code\n");
    write_to((uint32)&text);
    printf("textwrite: goes on\n");
    return OK;
}
