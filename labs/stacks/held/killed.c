/* killed.c - task 5: holders that end, and locks that are removed */
#include <stacks.h>
#include <timing.h>

static int lock;

static void holder(void)
{
    lckwait(lock);
    sleepms(1000);
}

static void waiter(uint32 number)
{
    report("waiter %u: %d", number, lckwait(lock));
}

/* A new process with this id, which is free. */
static pid32 of_this_id(pid32 wanted)
{
    pid32 pid = create(holder, STACK, INITPRIO, "another", 0);

    while (pid != wanted) {
        kill(pid);
        pid = create(holder, STACK, INITPRIO, "another", 0);
    }
    return pid;
}

void check_killed(void)
{
    uint32 count = given(0, 1, 4), i;
    pid32 pid;

    lock = lckcreate();
    pid = create(holder, STACK, PRIORITY_ABOVE, "holder", 0);
    resume(pid);
    kill(pid);
    pid = of_this_id(pid);
    report("taken from one that has ended: %d", lckwait(lock));
    kill(pid);
    for (i = 1; i <= count; i++)
        resume(create(waiter, STACK, PRIORITY_ABOVE, "waiter", 1, i));
    report("users when it is removed: %d", lckkill(lock));
    sleepms(5);
    report("the new one is free: %d", lckwait(lckcreate()));
}
