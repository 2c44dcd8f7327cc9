/* breakpoint.c - int3 in the middle of the program, which then continues */
#include <xinu.h>

static int with_breakpoint(int value)
{
    asm volatile("int3");
    return value + 1;
}

process main(void)
{
    printf("breakpoint: int3\n");
    printf("breakpoint: goes on with %d\n", with_breakpoint(41));
    return OK;
}
