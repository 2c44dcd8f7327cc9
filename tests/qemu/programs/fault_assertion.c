/* The kernel finds itself called with a rule broken: make_ready() expects interrupts masked. */
#include <xinu.h>

extern void make_ready(uint16 pid) asm("_ZN6detour10make_readyEt");

process main(void)
{
    make_ready(1);
    kprintf("still here\n");
    return OK;
}
