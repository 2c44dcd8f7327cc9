/* clock.h - what the clock interrupt counts (kernel/sched/clock.cpp) */
#ifndef XINU_CLOCK_H
#define XINU_CLOCK_H

#include <xinu/types.h>

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
