/* sleep.c - the cost of sleeping and waking */
#include "bench.h"

#define FAR_MSEC 1000000
#define ROUNDS 100
#define GAP 50 /* instructions; more than one iteration of the spinning loop */

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

static volatile uint64 first_turn, last_turn; /* of the spinning process, since another one ran */

static process spins(void)
{
    for (;;) {
        uint64 now = getticks();
        if (now - last_turn > GAP)
            first_turn = now;
        last_turn = now;
    }
    return OK;
}

int cost_of_sleep(uint32 n, uint32 *going, uint32 *coming)
{
    pid32 spinner;
    int i;

    if (!crowd_assemble(n, sleeps_long, INITPRIO + 1))
        return FALSE;
    spinner = create(spins, 4096, INITPRIO - 1, "spinner", 0);
    resume(spinner);
    *going = *coming = 0;
    for (i = 0; i < ROUNDS; i++) {
        uint64 called, returned;
        sleepms(1); /* starts the measurement right after a clock interrupt */
        called = getticks();
        sleepms(1);
        returned = getticks();
        *going += (uint32)(first_turn - called);
        *coming += (uint32)(returned - last_turn);
    }
    kill(spinner);
    crowd_disperse();
    *going /= ROUNDS;
    *coming /= ROUNDS;
    return TRUE;
}
