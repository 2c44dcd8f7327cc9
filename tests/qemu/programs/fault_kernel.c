/* A fault in the kernel itself: a switch to a process whose stack pointer cannot be read. */
#include <xinu.h>

extern void ctxsw(char **old, char **new_);

process main(void)
{
    disable();
    ctxsw(&proctab[currpid].prstkptr, (char **)0x44);
    kprintf("still here\n");
    return OK;
}
