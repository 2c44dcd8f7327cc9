/* clock.c - tasks 3 and 4, exactly */
#include <switch.h>

static void next_tick(void)
{
    uint32 before = clkcountermsec;

    while (clkcountermsec == before)
        ;
}

void check_wrap(void)
{
    uint32 before = given(0, 5, 20), msec = given(1, 30, 60);

    sleepms(1); /* until directly behind a clock interrupt */
    clkcountermsec = 0u - before;
    sleepms(msec);
    report("from %d, %u msec later: %d", -(int)before, msec, clkcountermsec);
}

static uint32 slept_from, woken_at;

static void sleeper(uint32 msec)
{
    slept_from = clkcountermsec;
    sleepms(msec);
    woken_at = clkcountermsec;
}

/* It wakes in the middle of a clock interrupt of this process. */
void check_early(void)
{
    uint32 i;

    for (i = 0; i < 3; i++) {
        uint32 msec = given(i, 2, 30);
        pid32 pid = create(sleeper, STACK, PRIORITY_ABOVE, "sleeper", 1, msec);

        next_tick();
        resume(pid);
        while (!isbadpid(pid))
            ;
        report("asleep for %u: when it runs again, the counter has gone on by %u", msec, woken_at - slept_from);
    }
}

static volatile uint32 others;

/* As course code does it, by its own state. */
static void yield_by_state(void)
{
    intmask mask = disable();

    me->prstate = PR_READY;
    resched();
    restore(mask);
}

static void other(uint32 rounds)
{
    while (rounds-- > 0) {
        others++;
        yield_by_state();
    }
}

void check_written(void)
{
    uint32 rounds = given(0, 3, 6), i;

    chprio(getpid(), PRIORITY_ABOVE);
    resume(create(other, STACK, PRIORITY_ABOVE, "other", 1, rounds + 1));
    for (i = 1; i <= rounds; i++) {
        uint32 before = others;

        yield_by_state();
        report("round %u: the other has run %s", i, others > before ? "meanwhile" : "not at all");
    }
    chprio(getpid(), INITPRIO);
    resched();
}

#define TURNS 40

static volatile uint32 turns, running, begins[TURNS], runner[TURNS]; /* begins: in ticks of the TSC */

static void runs(uint32 number)
{
    while (turns < TURNS) {
        if (running == number)
            continue;
        intmask mask = disable();
        if (turns < TURNS) {
            runner[turns] = number;
            begins[turns] = (uint32)getticks();
            turns++;
        }
        running = number;
        restore(mask);
    }
}

/* Equal processes that never wait: each has the CPU for QUANTUM ticks, in turn. */
void check_fair(void)
{
    uint32 count = given(0, 2, 5), slice, i, in_turn = 0, whole = 0;

    sleepms(1);
    slice = (uint32)getticks();
    sleepms(QUANTUM);
    slice = (uint32)getticks() - slice;
    chprio(getpid(), PRIORITY_ABOVE + 1);
    for (i = 1; i <= count; i++)
        resume(create(runs, STACK, PRIORITY_ABOVE, "runs", 1, i));
    chprio(getpid(), INITPRIO);
    resched();
    for (i = 1; i < TURNS; i++) {
        in_turn += runner[i] == runner[i - 1] % count + 1;
        if (i > 1)
            whole += (begins[i] - begins[i - 1] + slice / 16) / (slice / 8) == 8;
    }
    report("of %d turns of %u processes, %u are the next one's, and %u last %d ticks", TURNS, count, in_turn, whole,
           QUANTUM);
}
