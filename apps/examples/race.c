/*
 * race.c - two processes increase a counter, and some increments are lost
 *
 * Each reads it, computes, and writes it. When a time slice ends in between, the other's increments are overwritten.
 * With a semaphore around the three steps none is lost.
 */
#include <xinu.h>

#define ROUNDS 200

static volatile int32 count;
static sid32 mutex, done;

static void increase(void)
{
    int32 value = count;
    volatile int32 i;

    for (i = 0; i < 10000; i++)
        ;
    count = value + 1;
}

static process worker(bool8 careful)
{
    int32 i;

    for (i = 0; i < ROUNDS; i++) {
        if (careful)
            wait(mutex);
        increase();
        if (careful)
            signal(mutex);
    }
    signal(done);
    return OK;
}

static void run(bool8 careful)
{
    count = 0;
    mutex = semcreate(1);
    done = semcreate(0);
    resume(create(worker, 4096, INITPRIO, "one", 1, careful));
    resume(create(worker, 4096, INITPRIO, "two", 1, careful));
    wait(done);
    wait(done);
    printf("%s: %s\n", careful ? "with a semaphore" : "without",
           count == 2 * ROUNDS ? "all increments are there" : "increments are lost");
    semdelete(mutex);
    semdelete(done);
}

process main(void)
{
    run(FALSE);
    run(TRUE);
    return OK;
}
