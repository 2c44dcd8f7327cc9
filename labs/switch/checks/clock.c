/* clock.c - tasks 3 and 4: the counter, and the time slice */
#include "switch.h"

void check_rate(void)
{
    uint32 i;

    for (i = 0; i < 4; i++) {
        uint32 msec = given(i, 1, 60), before;

        sleepms(1); /* until directly behind a clock interrupt */
        before = clkcountermsec;
        sleepms(msec);
        report("asleep for %u: the counter has gone on by %u", msec, clkcountermsec - before);
    }
}

static volatile uint32 anna_counts, berta_counts;

/* Neither gives the CPU away. */
static void anna(uint32 end)
{
    while ((int32)(clkcountermsec - end) < 0)
        anna_counts++;
}

static void berta(uint32 end)
{
    while ((int32)(clkcountermsec - end) < 0)
        berta_counts++;
}

void check_slice(void)
{
    uint32 end = clkcountermsec + given(0, 40, 60);

    chprio(getpid(), PRIORITY_ABOVE + 1);
    resume(create(anna, STACK, PRIORITY_ABOVE, "anna", 1, end));
    resume(create(berta, STACK, PRIORITY_ABOVE, "berta", 1, end));
    chprio(getpid(), INITPRIO);
    resched();
    report("anna has counted: %s", anna_counts > 0 ? "yes" : "no");
    report("berta has counted: %s", berta_counts > 0 ? "yes" : "no");
}

#define ROUNDS 3

static uint32 order[ROUNDS * 6], steps;

static void yielder(uint32 number)
{
    uint32 i;

    for (i = 0; i < ROUNDS; i++) {
        order[steps++] = number;
        yield();
    }
}

void check_yields(void)
{
    uint32 count = given(0, 3, 6), i;

    chprio(getpid(), PRIORITY_ABOVE + 1);
    for (i = 1; i <= count; i++)
        resume(create(yielder, STACK, PRIORITY_ABOVE, "yielder", 1, i));
    chprio(getpid(), INITPRIO);
    resched();
    for (i = 0; i < steps; i += count) {
        uint32 k;
        char line[REPORT_LENGTH] = "";

        for (k = i; k < i + count; k++)
            snprintf(line + strlen(line), sizeof line - strlen(line), " %u", order[k]);
        report("round %u:%s", i / count, line);
    }
}
