/* starvation.c - a process of a lower priority gets nothing while one above it computes; an equal one gets its half */
#include <xinu.h>

static volatile uint32 rounds;

static process counter(void)
{
    for (;;)
        rounds++;
    return OK;
}

static void compute_beside(pri16 priority, const char *text)
{
    uint32 end = clkcountermsec + 50;
    pid32 pid;

    rounds = 0;
    pid = create(counter, 4096, priority, "counter", 0);
    resume(pid);
    while ((int32)(end - clkcountermsec) > 0)
        ;
    printf("%s: %s\n", text, rounds == 0 ? "it has not run" : "it has run, too");
    kill(pid);
    recvclr();
}

process main(void)
{
    pri16 own = getprio(getpid());

    compute_beside(own, "a counter of our priority");
    compute_beside((pri16)(own - 1), "a counter below us");
    return OK;
}
