/* clock.h - what the clock interrupt counts (kernel/sched/clock.cpp) */
#ifndef XINU_CLOCK_H
#define XINU_CLOCK_H

#include <xinu/types.h>

#define count1000 (clkcountermsec % 1000) /* msec of the current second */

/* Waits for so many msec, or usec, without letting others of lower priority run. Interrupts must be enabled. */
#define MDELAY(msec)                                                                                                   \
    do {                                                                                                               \
        uint32 xinu_begin = clkcountermsec, xinu_msec = (msec);                                                        \
        while (clkcountermsec - xinu_begin < xinu_msec)                                                                \
            ;                                                                                                          \
    } while (0)
#define DELAY(usec) MDELAY(((usec) + 999) / 1000)

#ifdef __cplusplus
extern "C" {
#endif

extern volatile uint32 clkcountermsec; /* msec since boot; wraps after 49.7 days */
extern volatile uint32 clktime;        /* seconds since boot */

/* The ticks that the running process may still use before others of its priority get their turn; QUANTUM at first. */
extern uint32 preempt;

#ifdef __cplusplus
}
#endif

#endif
