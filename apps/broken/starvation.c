/* starvation.c - a worker computes, and a supervisor, which must react fast, waits for the result */
#include <xinu.h>

static volatile int done;
static volatile uint32 sum;

static process worker(void)
{
    for (uint32 n = 1; n <= 100000; n++)
        sum += n;
    done = TRUE;
    return OK;
}

static process supervisor(void)
{
    while (!done)
        yield(); /* let the worker work */
    printf("the sum is %u\n", sum);
    return OK;
}

process main(void)
{
    pid32 works = create(worker, 8192, INITPRIO - 10, "worker", 0);
    pid32 waits = create(supervisor, 8192, INITPRIO + 10, "supervisor", 0);

    resume(works);
    resume(waits);
    printf("both are started\n");
    return OK;
}
