/* measure.c - the cost of a piece of work */
#include "bench.h"

static void nothing(void) {}

static uint32 least(void (*work)(void), void (*before)(void))
{
    uint32 best = ~0u;
    int round;

    begin_undisturbed();
    for (round = 0; round < ROUNDS; round++) {
        uint32 begin, cost;
        before();
        begin = counter();
        work();
        cost = counter() - begin;
        if (cost < best)
            best = cost;
    }
    return best;
}

uint32 cost_of(void (*work)(void), void (*before)(void))
{
    return least(work, before != NULL ? before : nothing) - least(nothing, nothing);
}

uint32 cost_of_reading(void)
{
    uint32 best = ~0u;
    int round;

    begin_undisturbed();
    for (round = 0; round < ROUNDS; round++) {
        uint32 begin = counter(), end = counter();
        if (end - begin < best)
            best = end - begin;
    }
    return best;
}
