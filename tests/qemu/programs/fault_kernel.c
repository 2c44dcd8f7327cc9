/* A fault in the kernel itself: the scheduler follows a pointer of the process table that we have bent. */
#include <xinu.h>

static process nothing(void)
{
    return OK;
}

static void bend(pid32 pid)
{
    proctab[pid].prstkbase = (char *)0x44;
}

process main(void)
{
    pid32 pid = create(nothing, 4096, 30, "bent", 0);
    bend(pid);
    resume(pid);
    kprintf("still here\n");
    return OK;
}
