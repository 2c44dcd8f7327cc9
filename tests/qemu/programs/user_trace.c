/* The record of switches and detours: each event of known runs, in their order, and none else. */
#include "check.h"

#include <string.h>
#include <xinu/trace.h>
#include <xinu/userspace.h>

static struct traceent events[TRACE_EVENTS];
static volatile int called;

static void on_event(void)
{
    called++;
}

/* Whether an event is of this kind, and of this process. */
static bool8 is(int32 i, uint16 kind, pid32 pid)
{
    return events[i].trkind == kind && events[i].trpid == pid && strcmp(events[i].trname, proctab[pid].prname) == 0;
}

static bool8 is_switch(int32 i, pid32 from, uint16 state, pid32 to)
{
    return is(i, TR_SWITCH, to) && events[i].trfrom == from && events[i].trstate == state;
}

static void check_tick(void)
{
    int32 count;

    CHECK(trace_start() == OK && trace_stop(events, TRACE_EVENTS) == 0);
    trace_start();
    called = 0;
    cbsignal(CB_ALARM, on_event, 3);
    while (called == 0)
        ;
    count = trace_stop(events, TRACE_EVENTS);
    CHECK(count == 1 && is(0, TR_TICK, getpid()));
}

static process sleeper(void)
{
    cbsignal(CB_MESSAGE, on_event, 0);
    sleepms(10);
    return OK;
}

static void check_return(void)
{
    pid32 pid = create(sleeper, 4096, getprio(getpid()) + 1, "sleeper", 0), self = getpid();
    uint32 begun = clkcountermsec;
    int32 count;

    called = 0;
    trace_start();
    resume(pid);
    send(pid, 1);
    sleepms(50);
    count = trace_stop(events, TRACE_EVENTS);
    CHECK(called == 1 && count == 7);
    CHECK(strcmp(events[0].trname, "sleeper") == 0 && events[0].trfrom == self && events[0].trpid == pid);
    CHECK(is_switch(1, pid, PR_SLEEP, self));
    CHECK(is_switch(2, self, PR_SLEEP, NULLPROC));
    CHECK(events[3].trfrom == NULLPROC && events[3].trpid == pid && events[3].trmsec - begun >= 10);
    CHECK(events[4].trkind == TR_RETURN && events[4].trpid == pid && events[4].trmsec == events[3].trmsec);
    CHECK(is_switch(5, pid, PR_FREE, NULLPROC));
    CHECK(is_switch(6, NULLPROC, PR_READY, self));
}

static void check_ring3(void)
{
    pid32 pid = upcreate("alarm", INITPRIO + 1, 0);
    int32 count, i, found = 0;

    trace_start();
    resume(pid);
    receive();
    count = trace_stop(events, TRACE_EVENTS);
    for (i = 0; i < count && i < TRACE_EVENTS; i++)
        found += events[i].trkind == TR_RING3 && events[i].trpid == pid;
    CHECK(found > 0);
}

/* A full record ends, and what goes on is not disturbed. */
static void check_full(void)
{
    int32 i;

    trace_start();
    for (i = 0; i < TRACE_EVENTS; i++)
        sleepms(1);
    CHECK(trace_stop(events, 3) == TRACE_EVENTS);
    CHECK(trace_stop(events, 3) == SYSERR && trace_start() == OK && trace_stop(events, -1) == SYSERR);
    CHECK(trace_stop(events, 0) == 0);
}

process main(void)
{
    check_tick();
    check_return();
    check_ring3();
    check_full();
    checks_done();
    return OK;
}
