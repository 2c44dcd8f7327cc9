/* alarm.c - an alarm clock: the callback interrupts a computation, sets the next alarm, and the computation goes on */
#include <xinu.h>

static volatile int32 rings;
static volatile uint32 began;

static void ring(void)
{
    printf("ring %d, after %u msec\n", ++rings, clkcountermsec - began);
    if (rings < 3)
        cbsignal(CB_ALARM, ring, 100);
}

process main(void)
{
    volatile uint32 work = 0;

    rings = 0;
    began = clkcountermsec;
    cbsignal(CB_ALARM, ring, 100);
    while (rings < 3)
        work++;
    printf("the computation has gone on %s\n", work > 0 ? "meanwhile" : "never");
    return OK;
}
