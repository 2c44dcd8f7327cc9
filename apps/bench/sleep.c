/* sleep.c - the cost of sleeping and waking */
#include "bench.h"

#define FAR_MSEC 1000000

static const uint32 crowds[] = {0, 10, 90, 900, 10000};
static uint32 random_state = 1;

static uint32 next_random(void)
{
    random_state = random_state * 1103515245 + 12345;
    return random_state >> 8;
}

static process sleeps_long(void)
{
    for (;;)
        sleepms(FAR_MSEC + next_random() % FAR_MSEC);
    return OK;
}

static volatile uint32 interrupted, resumed;

/* Runs while the process that measures sleeps: takes the clock interrupt that wakes it, and goes on behind that
 * interrupt when it sleeps again. */
static process ticks(void)
{
    for (;;) {
        interrupted = counter();
        TICK();
        resumed = counter();
    }
    return OK;
}

static uint32 least(uint32 a, uint32 b)
{
    return a < b ? a : b;
}

/* With n other sleepers: from the call of sleepms() until the next process runs, and from the clock interrupt until
 * sleepms() returns. Returns FALSE if there cannot be that many. */
static int cost_of_sleep(uint32 n, uint32 *going, uint32 *coming)
{
    uint32 reading = cost_of_reading();
    pid32 next;
    int round;

    if (!crowd_assemble(n, sleeps_long, INITPRIO + 1))
        return FALSE;
    next = create(ticks, STACK, INITPRIO - 1, "ticks", 0);
    resume(next);
    *going = *coming = ~0u;
    begin_undisturbed();
    sleepms(1); /* from now on, `next` is behind its first interrupt */
    for (round = 0; round < ROUNDS; round++) {
        uint32 called = counter(), returned;
        sleepms(1);
        returned = counter();
        *going = least(*going, resumed - called - reading);
        *coming = least(*coming, returned - interrupted - reading - TICK_CALL);
    }
    kill(next);
    crowd_disperse();
    return TRUE;
}

void measure_sleep(void)
{
    uint32 going, coming;
    int i;

    for (i = 0; i < 5; i++) {
        if (!cost_of_sleep(crowds[i], &going, &coming))
            break; /* the process table is too small */
        kprintf("sleep: sleepms to the next process, %u others asleep: %u\n", crowds[i], going);
        kprintf("sleep: clock interrupt to the sleeper's return, %u others asleep: %u\n", crowds[i], coming);
    }
}
