/* switch.c - the cost of taking turns, in ring 0 */
#include "bench.h"

#define TURNS 20 /* of all processes; of 10,000 they take a while */

static const uint32 crowds[] = {2, 10, 100, 1000, 10000};

static process yields(void)
{
    for (;;)
        yield();
    return OK;
}

/* One switch among n processes of equal priority; 0 if there cannot be that many. The others are created at a priority
 * at which none runs before all are there. */
static uint32 cost_of_switch(uint32 n)
{
    uint32 reading = cost_of_reading(), best = ~0u;
    intmask mask;
    int round;

    if (!crowd_assemble(n - 1, yields, INITPRIO - 1))
        return 0;
    mask = disable(); /* a round of many processes is longer than a tick */
    chprio(getpid(), INITPRIO - 1);
    yield(); /* so that all are in their loop */
    for (round = 0; round < TURNS; round++) {
        uint32 begin = counter(), cost;
        yield();
        cost = counter() - begin - reading;
        if (cost < best)
            best = cost;
    }
    chprio(getpid(), INITPRIO);
    restore(mask);
    crowd_disperse();
    return best / n;
}

void measure_switches(void)
{
    int i;

    for (i = 0; i < 5; i++) {
        uint32 cost = cost_of_switch(crowds[i]);
        if (cost != 0)
            kprintf("switch: yield, %u processes ready: %u\n", crowds[i], cost);
    }
}
