/* Locks of other course terms that find deadlocks, and that inherit priorities. */
#pragma GCC diagnostic ignored "-Wimplicit-function-declaration" /* as course programs use them */
#include "check.h"

static al_lock_t active[3];
static pi_lock_t first, second;
static pid32 pids[3];

process locks_two(uint32 one, uint32 other)
{
    al_lock(&active[one]);
    sleepms(5);
    al_lock(&active[other]); /* for ever */
    return OK;
}

/* Three that wait for each other; nothing is reported before the circle is closed. */
static void check_deadlock(void)
{
    uint32 i;

    for (i = 0; i < 3; i++)
        CHECK(al_initlock(&active[i]) == OK);
    CHECK(al_trylock(&active[0]) == TRUE && al_trylock(&active[0]) == FALSE && al_unlock(&active[0]) == OK);
    CHECK(al_unlock(&active[0]) == SYSERR && al_trylock((al_lock_t *)pids) == FALSE);
    for (i = 0; i < 3; i++) {
        pids[i] = create(locks_two, 1024, 25, "locks two", 2, i, (i + 1) % 3);
        resume(pids[i]);
    }
    kprintf("expected: lock_detected=P%d-P%d-P%d\n", pids[0], pids[1], pids[2]);
    sleepms(20);
    for (i = 0; i < 3; i++) {
        CHECK(proctab[pids[i]].prstate == PR_WAIT);
        kill(pids[i]);
    }
    CHECK(kcheck() == NULL);
}

process holds(pi_lock_t *lock, pi_lock_t *other, int32 msec)
{
    pi_lock(lock);
    sleepms(msec);
    if (other != NULL) {
        pi_lock(other);
        pi_unlock(other);
    }
    pi_unlock(lock);
    return OK;
}

static pid32 start_holder(pri16 priority, pi_lock_t *lock, pi_lock_t *other, int32 msec)
{
    pid32 pid = create(holds, 1024, priority, "holds", 3, lock, other, msec);
    resume(pid);
    return pid;
}

/* 10 holds the first lock; 12 holds the second and waits for the first; 30 waits for the second. */
static void check_inheritance(void)
{
    pid32 low, middle, high;

    CHECK(pi_initlock(&first) == OK && pi_initlock(&second) == OK && pi_unlock(&first) == SYSERR);
    low = start_holder(10, &first, NULL, 20);
    middle = start_holder(12, &second, &first, 1);
    sleepms(5);
    CHECK(getprio(low) == 12 && getprio(middle) == 12);
    high = start_holder(30, &second, NULL, 1);
    CHECK(getprio(low) == 30 && getprio(middle) == 30 && kcheck() == NULL);
    sleepms(60);
    CHECK(isbadpid(low) && isbadpid(middle) && isbadpid(high) && first.flag == 0 && second.flag == 0);

    /* back to its own priority, though another still waits for its other lock: then to that one's */
    chprio(getpid(), 5);
    pi_lock(&first);
    pi_lock(&second);
    low = start_holder(20, &first, NULL, 0);
    high = start_holder(30, &second, NULL, 0);
    CHECK(getprio(getpid()) == 30);
    CHECK(pi_unlock(&second) == OK && getprio(getpid()) == 20 && isbadpid(high));
    CHECK(pi_unlock(&first) == OK && getprio(getpid()) == 5 && isbadpid(low));
    CHECK(kcheck() == NULL);
}

process main(void)
{
    check_deadlock();
    check_inheritance();
    checks_done();
    return OK;
}
