/* detour_sleeper.h - a process that sleeps with a message callback outstanding */
#ifndef DETOUR_SLEEPER_H
#define DETOUR_SLEEPER_H

#include "detour.h"

static volatile int events;
static volatile uint32 ran_at;
static volatile uint16 fields_in_callback;

static inline void on_message(void)
{
    events++;
    ran_at = clkcountermsec;
    fields_in_callback = me->pretype + 16 * me->pralarmreg + 32 * me->prmsgreg;
    recvclr();
}

static volatile syscall result;
static volatile int events_at_return;
static volatile uint32 began, returned_at;

/* Registers and sleeps; no clock interrupt comes between the return and the next line. */
static inline void sleeper(int msec)
{
    intmask mask = disable();

    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    began = clkcountermsec;
    result = sleepms(msec);
    returned_at = clkcountermsec;
    events_at_return = events;
    restore(mask);
}

/* The same with sleep(), which calls sleepms(); the unit is a second. */
static inline void second_sleeper(void)
{
    intmask mask = disable();

    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    began = clkcountermsec;
    result = sleep(1);
    returned_at = clkcountermsec;
    events_at_return = events;
    restore(mask);
}

static inline pid32 start_sleeper(int msec, pri16 priority)
{
    pid32 pid = create(sleeper, STACK, priority, "sleeper", 1, msec);

    resume(pid);
    if (priority < INITPRIO)
        sleepms(1);
    CHECK(proctab[pid].prstate == PR_SLEEP);
    return pid;
}

#endif
