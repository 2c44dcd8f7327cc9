/* Deferring switches: who runs when, and how a deferral ends. */
#include "check.h"

static char order[16];
static uint32 count;

static process note(char c)
{
    order[count++] = c;
    return OK;
}

static pid32 start(pri16 priority, char c)
{
    pid32 pid = create(note, 4096, priority, "note", 1, c);
    resume(pid);
    return pid;
}

static bool8 order_is(const char *expected)
{
    bool8 equal = count == strlen(expected) && memcmp(order, expected, count) == 0;
    count = 0;
    return equal;
}

/* As at the start of many programs: none runs before all are ready, and then the most urgent one. */
static void check_order(void)
{
    CHECK(resched_cntl(DEFER_START) == OK && Defer.ndefers == 1 && Defer.attempt == FALSE);
    CHECK(proctab[currpid].prstate == PR_DEFER);
    start(25, 'a');
    start(40, 'b');
    start(30, 'c');
    CHECK(order_is("") && Defer.attempt != FALSE);
    CHECK(kcheck() == NULL);
    CHECK(resched_cntl(DEFER_STOP) == OK && order_is("bca") && proctab[currpid].prstate == PR_CURR);
    CHECK(resched_cntl(DEFER_STOP) == SYSERR && resched_cntl(0) == SYSERR && resched_cntl(3) == SYSERR);
}

/* Neither the clock nor yield() gives the CPU away; deferrals nest. */
static void check_clock(void)
{
    uint32 begin;

    sched_cntl(DEFER_START);
    resched_cntl(DEFER_START);
    start(getprio(getpid()), 'a');
    start(40, 'b');
    for (begin = clkcountermsec; clkcountermsec - begin < 5 * QUANTUM;)
        ;
    yield();
    resched();
    CHECK(resched_cntl(DEFER_STOP) == OK && order_is("") && Defer.ndefers == 1);
    CHECK(sched_cntl(DEFER_STOP) == OK && order_is("ba")); /* as at any switch, those of the same priority come first */
    resched_cntl(DEFER_START);
    CHECK(resched_cntl(DEFER_STOP) == OK && Defer.attempt == FALSE); /* nothing to do */
}

/* The one that blocked has its deferral still to stop; another one has none. */
static process stops_another_s(void)
{
    CHECK(Defer.ndefers == 1 && resched_cntl(DEFER_STOP) == SYSERR && Defer.ndefers == 1);
    return OK;
}

static process defers_and_ends(void)
{
    resched_cntl(DEFER_START);
    resched_cntl(DEFER_START);
    return OK;
}

/* A process that blocks or ends gives the CPU away, and no other one is deferred for its sake. */
static void check_end(void)
{
    resched_cntl(DEFER_START);
    resume(create(stops_another_s, 4096, 11, "stops", 0));
    start(10, 'a');
    CHECK(sleepms(2) == OK && order_is("a") && proctab[currpid].prstate == PR_CURR);
    CHECK(resched_cntl(DEFER_STOP) == OK);
    resume(create(defers_and_ends, 4096, 30, "defers", 0));
    start(40, 'b');
    CHECK(order_is("b"));
    CHECK(resched_cntl(DEFER_START) == OK && Defer.ndefers == 1);
    start(40, 'c');
    CHECK(resched_cntl(DEFER_STOP) == OK && order_is("c") && kcheck() == NULL);
}

static volatile uint32 alarms;

static void on_alarm(void)
{
    alarms++;
}

/* Callbacks run meanwhile: they are the caller's own. */
static void check_callback(void)
{
    resched_cntl(DEFER_START);
    cbsignal(CB_ALARM, on_alarm, 3);
    start(40, 'a');
    while (alarms == 0)
        ;
    CHECK(order_is("") && resched_cntl(DEFER_STOP) == OK && order_is("a"));
}

process main(void)
{
    check_order();
    check_clock();
    check_end();
    check_callback();
    checks_done();
    return OK;
}
