/* int14.c - a software interrupt through the gate of an exception: it must not look like a page fault */
#include <xinu.h>

static void interrupt_14(void)
{
    asm volatile("int $14");
}

process main(void)
{
    printf("int14: the page fault's gate\n");
    interrupt_14();
    printf("int14: goes on\n");
    return OK;
}
