/*
 * timing.h - for checks: time, clock interrupts at a chosen place, and processes to try
 */
#ifndef TIMING_H
#define TIMING_H

#include "registers.h"

#define me (&proctab[currpid])
#define STACK 8192
#define PRIORITY_ABOVE (INITPRIO + 10)
#define PRIORITY_BELOW (INITPRIO - 10)

/* Lets msec 0 begin, directly behind a clock interrupt. */
void begin(void);

/* The value of clkcountermsec at that, and msec since then. */
extern uint32 began;
uint32 now(void);

/* Computes until then, so that only the clock can take the CPU away. */
void spin_until(uint32 msec);

/* A clock interrupt at this instruction: the same gate, and the same frame. */
static inline void tick(void)
{
    asm volatile("int $32" : : : "memory");
}

/* From one to the other, tick() is the only clock interrupt. */
void hold_clock(void);
void release_clock(void);

/*
 * For the clock "sweep", in which an instruction takes 1024 ns: one clock interrupt after so many periods of the 8254,
 * of 838 ns each. So the count selects any single instruction as the one before which the interrupt comes. There is no
 * other one until the next call. await_tick() also waits for it.
 */
void one_shot(uint32 periods);
void await_tick(uint32 periods);

/* Creates a process and starts it; it has no arguments. Returns its id. */
pid32 start(void *function, pri16 priority, const char *name);

/* Sleeps until this process has ended. */
void await_end(pid32 pid);

#endif
