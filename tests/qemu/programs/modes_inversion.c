/* Priority inversion: `urgent` needs the lock of `background`, which `middle` keeps from running. */
#include <xinu.h>

static sid32 lock;
static volatile uint32 spent, waited;

static void compute_until(uint32 msec)
{
    while (clkcountermsec < msec)
        spent++;
}

static void finished(void)
{
    kprintf("urgent waited for %u msec, %u rounds\n", waited, spent);
}

static process background(void)
{
    wait(lock);
    compute_until(clkcountermsec + 10);
    signal(lock);
    return OK;
}

static process middle(void)
{
    sleepms(4);
    compute_until(clkcountermsec + 80);
    return OK;
}

static process urgent(void)
{
    uint32 begun;

    sleepms(4);
    begun = clkcountermsec;
    wait(lock);
    waited = clkcountermsec - begun;
    finished();
    return OK;
}

process main(void)
{
    lock = semcreate(1);
    resume(create(urgent, 4096, INITPRIO + 30, "urgent", 0));
    resume(create(middle, 4096, INITPRIO + 20, "middle", 0));
    resume(create(background, 4096, INITPRIO + 10, "background", 0));
    return OK;
}
