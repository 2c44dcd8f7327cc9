/*
 * inversion.c - priority inversion, and how inheritance ends it
 *
 * `low` holds a lock that `high` needs. `middle` needs nothing of it, but computes; since it is above `low`, that one
 * does not come to release the lock, and `high` waits for `middle`. If whoever waits lends its priority to the holder,
 * `low` runs until it has released the lock.
 */
#include <xinu.h>

#define LOW 5
#define MIDDLE 10
#define HIGH 15

static sid32 lock, done;
static volatile pid32 holder;
static bool8 inherits;
static uint32 began;

static void compute(uint32 msec)
{
    uint32 end = clkcountermsec + msec;

    while ((int32)(end - clkcountermsec) > 0)
        ;
}

static void acquire(void)
{
    if (inherits && semcount(lock) <= 0) {
        chprio(holder, getprio(getpid()));
        suspend(holder); /* what is ready anew, is so at its new priority */
        resume(holder);
    }
    wait(lock);
    holder = getpid();
}

static void release(pri16 own)
{
    chprio(getpid(), own);
    signal(lock);
    yield();
}

static process low(void)
{
    acquire();
    compute(20);
    release(LOW);
    signal(done);
    return OK;
}

static process middle(void)
{
    compute(100);
    signal(done);
    return OK;
}

static process high(void)
{
    acquire();
    printf("  high has waited %s\n", clkcountermsec - began < 50 ? "for low only" : "for middle, too");
    release(HIGH);
    signal(done);
    return OK;
}

static void run(bool8 inheritance)
{
    int32 i;

    inherits = inheritance;
    printf(inheritance ? "with inheritance:\n" : "without inheritance:\n");
    lock = semcreate(1);
    done = semcreate(0);
    resume(create(low, 4096, LOW, "low", 0));
    sleepms(5); /* low holds the lock now */
    began = clkcountermsec;
    resume(create(middle, 4096, MIDDLE, "middle", 0));
    resume(create(high, 4096, HIGH, "high", 0));
    for (i = 0; i < 3; i++)
        wait(done);
    semdelete(lock);
    semdelete(done);
}

process main(void)
{
    run(FALSE);
    run(TRUE);
    return OK;
}
