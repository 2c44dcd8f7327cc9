/* The kernel finds its own state broken: the mark at the end of a stack is gone. */
#include <xinu.h>

static process nothing(void)
{
    return OK;
}

process main(void)
{
    pid32 pid = create(nothing, 4096, 30, "unmarked", 0);
    *(uint32 *)proctab[pid].prstkbase = 0;
    resume(pid);
    kprintf("still here\n");
    return OK;
}
