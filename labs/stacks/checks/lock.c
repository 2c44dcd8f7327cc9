/* lock.c - task 5: who has the lock */
#include "stacks.h"

#include <timing.h>

static int lock;
static uint32 given_back;

static void worker(uint32 number, uint32 msec)
{
    if (lckwait(lock) == SYSERR)
        report("worker %u: SYSERR", number);
    report("worker %u has it", number);
    sleepms(msec);
    report("worker %u gives it back", number);
    given_back += lcksignal(lock) == OK;
}

/* They come in their order, each while the first one has the lock. */
void check_order(void)
{
    uint32 count = given(0, 3, 5), i;

    lock = lckcreate();
    for (i = 1; i <= count; i++)
        resume(create(worker, STACK, PRIORITY_ABOVE, "worker", 2, i, given(i, 5, 40)));
    sleepms(300);
    report("given back: %u times", given_back);
}

void check_owner(void)
{
    uint32 i, made = 0;
    pid32 pid;

    report("of no lock: %d %d %d", lckwait(NLOCK), lcksignal(-1), lckkill(NLOCK + 1));
    lock = lckcreate();
    report("taken: %d", lckwait(lock));
    report("taken again by its holder: %d", lckwait(lock));
    pid = create(worker, STACK, PRIORITY_ABOVE, "worker", 2, 1, 5);
    resume(pid);
    report("given back: %d", lcksignal(lock));
    sleepms(20);
    report("given back by one that has it not: %d", lcksignal(lock));
    report("users when it is removed: %d", lckkill(lock));
    report("afterwards: %d", lckwait(lock));
    for (i = 0; i < 2 * NLOCK; i++)
        made += lckcreate() != SYSERR;
    report("locks at a time: %u", made);
}
