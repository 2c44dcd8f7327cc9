/* alarm.c - an alarm callback in ring 3, which preserves all registers of the interrupted code */
#include "registers.h"

static volatile uint32 rings, ring_of_callback, outstanding;

static void on_alarm(void)
{
    rings++;
    ring_of_callback = ring();
    outstanding = proctab[getpid()].pretype;
}

process main(void)
{
    printf("alarm: cbsignal %d\n", cbsignal(CB_ALARM, on_alarm, 5));
    printf("alarm: again %d, pretype %u\n", cbsignal(CB_ALARM, on_alarm, 5), proctab[getpid()].pretype);
    uint32 changed = run_with_registers();
    printf("alarm: %u callbacks in ring %u, pretype %u, %u registers changed\n", rings, ring_of_callback, outstanding,
           changed);
    cbsignal(CB_ALARM, on_alarm, 5);
    printf("alarm: sleepms %d\n", sleepms(20));
    printf("alarm: %u callbacks\n", rings);
    return OK;
}
