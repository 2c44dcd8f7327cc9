/* counted.c - instructions whose number is known: what tools/run/profile.py and latency.py are to find */
#include <xinu.h>

#define GAP 30      /* instructions: more than one round of the loop in least_tick(), less than one with an interrupt */
#define ROUNDS 5000 /* of masked_loop() */

/* The length of the shortest clock interrupt, from the time stamp counter: the gap, less the round in which it lies. */
static uint32 least_tick(void)
{
    uint32 round = ~0u, gap = ~0u, gaps = 0;
    uint64 before = getticks();
    while (gaps < 10) {
        uint64 now = getticks();
        uint32 passed = (uint32)(now - before);
        if (passed > GAP) {
            gaps++;
            if (passed < gap)
                gap = passed;
        } else if (passed < round) {
            round = passed;
        }
        before = getticks(); /* here, so that all rounds have the same instructions */
    }
    return gap - round;
}

/* Two instructions in each round. */
void masked_loop(void)
{
    intmask mask = disable();
    __asm__ volatile("1: decl %0; jnz 1b" : : "r"(ROUNDS) : "cc");
    restore(mask);
}

static process takes_turns(void)
{
    int i;
    for (i = 0; i < 20; i++)
        yield();
    return OK;
}

process main(void)
{
    masked_loop();
    resume(create(takes_turns, 4096, INITPRIO, "turns", 0));
    takes_turns();
    printf("tick: %u instructions\n", least_tick());
    return OK;
}
