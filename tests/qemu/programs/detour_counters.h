/* detour_counters.h - callbacks that only count */
#ifndef DETOUR_COUNTERS_H
#define DETOUR_COUNTERS_H

#include "detour.h"

static volatile int alarms, messages;

static inline void on_alarm(void)
{
    alarms++;
}

static inline void on_message(void)
{
    messages++;
}

/* One that must never run. */
static inline void other(void)
{
    alarms += 1000;
}

#endif
