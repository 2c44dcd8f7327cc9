/* The kernel finds itself called with a rule broken: set_priority() expects interrupts masked. */
#include <xinu.h>

extern void set_priority(uint32 pid, pri16 priority) asm("_ZN6detour12set_priorityEjs");

process main(void)
{
    set_priority(1, 20);
    kprintf("still here\n");
    return OK;
}
