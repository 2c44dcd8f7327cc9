/* ps.c - lists all processes without a system call: the window shows a part of the process table */
#include <xinu.h>

static const char *const states[] = {"free",     "current",   "ready",   "receiving",
                                     "sleeping", "suspended", "waiting", "receiving, timed"};

process main(void)
{
    pid32 pid;

    printf("  pid  name             state             prio  ring  parent\n");
    for (pid = 0; pid < NPROC; pid++) {
        const struct procent *entry = &proctab[pid];
        if (entry->prstate != PR_FREE)
            printf("%5d  %-15s  %-16s %5d  %4d  %6d\n", pid, entry->prname, states[entry->prstate], entry->prprio,
                   entry->prring, entry->prparent);
    }
    return OK;
}
