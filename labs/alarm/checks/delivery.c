/* delivery.c - tasks 2, 3 and 5: when the callback runs, and in which process */
#include "alarm.h"

static volatile int calls;

static void on_delivery(void)
{
    calls++;
    report("callback %d at %u", calls, now());
}

void check_deliver(void)
{
    uint32 delay = given(0, 11, 90);

    begin();
    cbsignal(CB_ALARM, on_delivery, delay);
    spin_until(delay + 3);
    report("the process goes on; callbacks: %d", calls);
}

static void on_alarm_with_fields(void)
{
    calls++;
    report_fields("in the callback:");
}

void check_once(void)
{
    uint32 first = given(0, 5, 30), second = given(1, 5, 30);

    begin();
    cbsignal(CB_ALARM, on_alarm_with_fields, first);
    spin_until(first + 30);
    report("callbacks: %d", calls);
    report("again: %s", cbsignal(CB_ALARM, on_alarm_with_fields, second) == SYSERR ? "refused" : "accepted");
    spin_until(first + second + 90);
    report("callbacks: %d", calls);
}

static void on_own_alarm(void)
{
    report("callback in %s", me->prname);
}

static void with_own_alarm(uint32 delay)
{
    cbsignal(CB_ALARM, on_own_alarm, delay);
    spin_until(120);
}

/* Three processes in turn, one after the other due while any of them is running. */
void check_process(void)
{
    static const char *const names[] = {"anna", "berta", "clara"};
    pid32 pid[3];
    uint32 i;

    begin();
    for (i = 0; i < 3; i++) {
        pid[i] = create(with_own_alarm, STACK, INITPRIO, names[i], 1, given(i, 10, 25) + 25 * i);
        resume(pid[i]);
    }
    for (i = 0; i < 3; i++)
        await_end(pid[i]);
    report("all have ended");
}

static volatile int depth;

/* Registers itself, due at once, and is interrupted by the clock before it returns. */
static void on_alarm_again(void)
{
    calls++;
    report("callback %d begins, depth %d", calls, ++depth);
    if ((uint32)calls < given(0, 3, 6))
        cbsignal(CB_ALARM, on_alarm_again, 0);
    tick();
    tick();
    report("callback ends, depth %d", depth--);
}

void check_itself(void)
{
    uint32 i;

    hold_clock();
    cbsignal(CB_ALARM, on_alarm_again, 0);
    for (i = 1; i <= 8; i++) {
        report("tick %u", i);
        tick();
    }
    release_clock();
}

void check_wrap(void)
{
    uint32 delay = given(0, 30, 90);

    begin();
    clkcountermsec = 0u - given(1, 10, 20);
    begin();
    cbsignal(CB_ALARM, on_delivery, delay);
    spin_until(delay + 3);
    report("callbacks: %d", calls);
}
