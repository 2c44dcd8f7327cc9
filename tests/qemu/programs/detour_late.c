/* detour_late.c - R7: an alarm wakes no process, and is delivered late to one that was away */
#include "detour.h"

static volatile int alarms;
static volatile uint32 ran_at;
static volatile pid32 ran_in;

static void on_alarm(void)
{
    alarms++;
    ran_at = clkcountermsec;
    ran_in = getpid();
}

static volatile int alarms_at_return, alarms_after_tick;
static volatile uint32 returned_at;
static volatile syscall result;
static sid32 semaphore;

/* Waits in one of the ways; no clock interrupt comes between the end of that and the next line. */
static void wait_with_alarm(int way)
{
    intmask mask = disable();

    alarms = 0;
    cbsignal(CB_ALARM, on_alarm, 5);
    switch (way) {
    case PR_SLEEP:
        result = sleepms(20);
        break;
    case PR_WAIT:
        result = wait(semaphore);
        break;
    case PR_RECV:
        result = receive();
        break;
    case PR_RECTIM:
        result = recvtime(200);
        break;
    case PR_SUSP:
        result = suspend(currpid);
        break;
    }
    returned_at = clkcountermsec;
    alarms_at_return = alarms;
    tick();
    alarms_after_tick = alarms;
    tick();
    restore(mask);
}

static void wake(pid32 pid, int way)
{
    if (way == PR_WAIT)
        signal(semaphore);
    else if (way == PR_SUSP)
        resume(pid);
    else
        send(pid, 77);
}

static void not_woken(int way, syscall expected)
{
    uint32 begin = clkcountermsec;
    pid32 pid = create(wait_with_alarm, STACK, PRIORITY_ABOVE, "waits", 1, way);

    resume(pid);
    CHECK(proctab[pid].prstate == way);
    sleepms(10);
    CHECK(proctab[pid].prstate == way && alarms == 0 && outstanding(pid, 1, 0));
    if (way == PR_SLEEP) {
        await_end(pid);
        CHECK(returned_at - begin >= 20 && ran_at == returned_at);
        CHECK(alarms_at_return == 1 && alarms_after_tick == 1);
    } else {
        wake(pid, way);
        await_end(pid);
        CHECK(returned_at - begin < 20);
        CHECK(alarms_at_return == 0 && alarms_after_tick == 1);
    }
    CHECK(alarms == 1 && ran_in == pid && result == expected);
}

/* Due exactly at the moment at which the sleep ends, one msec before and one after. */
static void due_at_the_return(void)
{
    uint32 early;
    intmask mask = disable();

    for (early = 0; early <= 1; early++) {
        alarms = 0;
        cbsignal(CB_ALARM, on_alarm, 5 - early);
        CHECK(sleepms(5) == OK);
        CHECK(alarms == 1 && ran_at == clkcountermsec && outstanding(currpid, 0, 0));
    }
    alarms = 0;
    cbsignal(CB_ALARM, on_alarm, 6);
    CHECK(sleepms(5) == OK);
    CHECK(alarms == 0 && outstanding(currpid, 1, 0));
    tick();
    CHECK(alarms == 1);
    alarms = 0;
    cbsignal(CB_ALARM, on_alarm, 0); /* due by the time that it returns, without a sleep */
    CHECK(sleepms(0) == OK);
    CHECK(alarms == 1);
    alarms = 0;
    cbsignal(CB_ALARM, on_alarm, 0);
    CHECK(sleepms(-1) == SYSERR);
    CHECK(alarms == 1);
    tick();
    CHECK(alarms == 1);
    restore(mask);
}

static volatile int message_events;

static void on_message(void)
{
    message_events++;
}

/* Never takes a clock interrupt: it runs only from its wake-up to its next sleep, with interrupts masked. */
static void always_asleep(void)
{
    intmask mask = disable();
    int i;

    alarms = message_events = 0;
    for (i = 0; i < 3; i++) {
        uint32 due = clkcountermsec + 4;

        cbsignal(CB_ALARM, on_alarm, 4);
        cbsignal(CB_MESSAGE, on_message, 0);
        while (clkcountermsec != due) {
            CHECK(alarms == i);
            sleepms(1);
        }
        CHECK(alarms == i + 1);
        wait(semaphore); /* its message arrives here (R16) */
        CHECK(message_events == i);
        sleepms(1);
        CHECK(message_events == i + 1);
        recvclr();
    }
    restore(mask);
}

process main(void)
{
    pid32 pid;
    int i;

    semaphore = semcreate(0);
    not_woken(PR_SLEEP, OK);
    not_woken(PR_WAIT, OK);
    not_woken(PR_RECV, 77);
    not_woken(PR_RECTIM, 77);
    not_woken(PR_SUSP, PRIORITY_ABOVE);
    start_and_await(due_at_the_return);
    pid = start(always_asleep);
    for (i = 0; i < 3; i++) {
        while (proctab[pid].prstate != PR_WAIT)
            sleepms(1);
        send(pid, 1);
        signal(semaphore);
    }
    await_end(pid);
    rule_done("R07");
    return OK;
}
