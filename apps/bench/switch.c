/* switch.c - the cost of taking turns */
#include "bench.h"

static process yields(void)
{
    for (;;)
        yield();
    return OK;
}

uint32 cost_of_switch(uint32 n)
{
    uint64 begin, end;
    intmask mask = disable(); /* keeps clock interrupts out of the measurement */
    if (!crowd_assemble(n, yields, INITPRIO)) {
        restore(mask);
        return 0;
    }
    yield(); /* one round, so that all are in their loop */
    begin = getticks();
    yield();
    end = getticks();
    crowd_disperse();
    restore(mask);
    return (uint32)(end - begin) / (n + 1);
}
