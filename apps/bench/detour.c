/* detour.c - the cost of a detour */
#include "bench.h"

#define GAP 50

static void empty_callback(void) {}

/* Spins until a clock interrupt; returns its length. */
static uint32 interruption(void)
{
    uint64 before = getticks();
    for (;;) {
        uint64 now = getticks();
        if (now - before > GAP)
            return (uint32)(now - before);
        before = now;
    }
}

uint32 cost_of_tick(void)
{
    uint32 cost, least = ~0u;
    int i;

    for (i = 0; i < 10; i++) /* some end a time slice and call resched() */
        if ((cost = interruption()) < least)
            least = cost;
    return least;
}

uint32 cost_of_alarm_detour(void)
{
    uint32 cost, least = ~0u;
    int i;

    for (i = 0; i < 10; i++) {
        cbsignal(CB_ALARM, empty_callback, 0);
        if ((cost = interruption()) < least)
            least = cost;
    }
    return least;
}

static uint32 cost_of_return(void)
{
    uint64 begin = getticks();
    sleepms(0);
    return (uint32)(getticks() - begin);
}

uint32 cost_of_return_detour(void)
{
    intmask mask = disable(); /* keeps clock interrupts out of the measurement */
    uint32 without, with;

    cost_of_return();
    without = cost_of_return();
    dreamvac(empty_callback);
    with = cost_of_return();
    restore(mask);
    return with - without;
}
