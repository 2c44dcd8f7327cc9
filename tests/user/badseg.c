/* badseg.c - loads the kernel's stack segment into ES */
#include <xinu.h>

static void load_segment(uint32 selector)
{
    asm volatile("movw %w0, %%es" : : "r"(selector));
}

process main(void)
{
    printf("badseg: selector 0x10\n");
    load_segment(0x10);
    printf("badseg: goes on\n");
    return OK;
}
