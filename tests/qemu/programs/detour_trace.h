/* detour_trace.h - the order of events, as a word with one letter for each */
#ifndef DETOUR_TRACE_H
#define DETOUR_TRACE_H

#include "detour.h"

/* What happened, as a word: one letter for each event. */
static char trace[64];
static volatile int trace_length;

static inline void note(char what)
{
    intmask mask = disable();

    if (trace_length < 63)
        trace[trace_length++] = what;
    restore(mask);
}

static inline int trace_is(const char *expected)
{
    int same;

    trace[trace_length] = '\0';
    same = strcmp(trace, expected) == 0;
    if (!same)
        kprintf("trace: %s, expected %s\n", trace, expected);
    trace_length = 0;
    return same;
}

static inline void note_alarm(void)
{
    note('a');
}
static inline void note_message(void)
{
    note('m');
    recvclr();
}
static inline void note_vacation(void)
{
    note('v');
}

#endif
