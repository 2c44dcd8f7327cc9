/* xsh_process.c - ps, kill, stack, semdump */
#include "commands.h"

const char *state_name(uint32 prstate)
{
    static const char *const names[] = {"free",    "current",    "ready",    "receiving", "sleeping", "suspended",
                                        "waiting", "rec. timed", "deferred", "sending",   "child",    "locking"};

    return prstate < sizeof names / sizeof names[0] ? names[prstate] : "other";
}

DEFINE_COMMAND(ps)
{
    int32 pid;

    (void)args;
    if (nargs != 1)
        return usage("ps");
    printf("%3s  %-16s  %-10s  %5s  %4s  %6s  %10s  %10s  %6s\n", "pid", "name", "state", "prio", "ring", "parent",
           "prstkbase", "prstkptr", "stack");
    for (pid = 0; pid < NPROC; pid++) {
        const struct procent *entry = &proctab[pid];

        if (isbadpid(pid))
            continue;
        printf("%3d  %-16s  %-10s  %5d  %4u  %6d  0x%08x  0x%08x  %6u\n", pid, entry->prname,
               state_name(entry->prstate), entry->prprio, entry->prring, entry->prparent, (uint32)entry->prstkbase,
               (uint32)entry->prstkptr, entry->prstklen);
    }
    return SHELL_OK;
}

DEFINE_COMMAND(kill)
{
    shellcmd result = SHELL_OK;
    uint32 pid;
    int i;

    if (nargs < 2)
        return usage("kill PID ...");
    for (i = 1; i < nargs; i++) {
        if (!is_number(args[i], &pid) || (pid32)pid == getpid() || kill((pid32)pid) == SYSERR) {
            fprintf(stderr, "%s is no process that can be ended.\n", args[i]);
            result = SHELL_ERROR;
        }
    }
    return result;
}

DEFINE_COMMAND(stack)
{
    uint32 pid;

    if (nargs != 2 || !is_number(args[1], &pid))
        return usage("stack PID");
    if (stackshow((pid32)pid) == SYSERR) {
        fprintf(stderr, "%s is no process.\n", args[1]);
        return SHELL_ERROR;
    }
    return SHELL_OK;
}

DEFINE_COMMAND(semdump)
{
    int32 sem, pid;

    (void)args;
    if (nargs != 1)
        return usage("semdump");
    printf("%3s  %6s  %s\n", "id", "count", "waiting");
    for (sem = 0; sem < NSEM; sem++) {
        if (semtab[sem].sstate != S_USED)
            continue;
        printf("%3d  %6d ", sem, semtab[sem].scount);
        for (pid = 0; pid < NPROC; pid++)
            if (proctab[pid].prstate == PR_WAIT && proctab[pid].prsem == sem)
                printf(" %d (%s)", pid, proctab[pid].prname);
        printf("\n");
    }
    return SHELL_OK;
}
