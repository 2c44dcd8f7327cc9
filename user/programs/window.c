/* window.c - prints what a process sees without a system call; finally it tries to change it */
#include <xinu.h>

static const char *same(int is_same)
{
    return is_same ? "same" : "different";
}

static void write_window(void)
{
    clkcountermsec = 0;
}

process main(void)
{
    pid32 me = getpid();
    const struct procent *own = &proctab[me];
    int32 used = 0;

    printf("window: getpid %s\n", same(me == getpid_by_trap() && me == getpid_by_interrupt()));
    printf("window: uptime %s\n", same(uptime() - clkcountermsec <= 1));
    printf("window: %s, state %u, ring %u, priority %s\n", own->prname, own->prstate, own->prring,
           same(own->prprio == getprio(me)));
    for (pid32 pid = 0; pid < NPROC; pid++)
        if (!isbadpid(pid))
            used++;
    printf("window: processes %s\n", same(used == prcount));
    uint32 begin = clkcountermsec;
    while (clkcountermsec - begin < 5)
        ;
    printf("window: time passes\n");
    write_window();
    printf("window: goes on\n");
    return OK;
}
