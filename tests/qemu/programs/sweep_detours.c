/* Detours, swept: the clock interrupts before every instruction at which it can. See sweep.h. */
#include "sweep_pairs.h"

static process sender(void)
{
    check_work();
    CHECK(send(message_pid, 77) == OK);
    CHECK(send(message_pid, 78) == SYSERR || messages > 0);
    check_work();
    return end_checked();
}

static void resume_sender(void)
{
    resume(create(sender, 8192, 40, "sender", 0));
}

/* An alarm, by the clock and on the return of sleepms(). */
static process alarm_process(void)
{
    alarm_pid = getpid();
    CHECK(cbsignal(CB_ALARM, on_alarm, 1) == 0);
    check_work();
    order_tick();
    CHECK(alarms == 1);
    CHECK(cbsignal(CB_ALARM, on_alarm, 2) == 0);
    CHECK(checked_sleepms(4) == OK);
    CHECK(alarms == 2);
    check_work();
    return end_checked();
}

static void alarm_verify(void)
{
    CHECK(alarms == 2 && ended == 1 && deepest == 1);
    forget();
}

/* A receiver asleep, and a sender. */
static process message_process(void)
{
    message_pid = getpid();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    resume_sender();
    CHECK(checked_sleepms(3) == OK);
    CHECK(messages == 1);
    check_work();
    return end_checked();
}

static void message_verify(void)
{
    /* 78 took the mailbox if the disturbance let the callback fetch 77 first. */
    CHECK(messages == 1 && got == 77 && ended == 2 && deepest == 1);
    forget();
}

/* Both events for one process; due together on the return of sleepms() they come in this order. */
static process both_process(void)
{
    alarm_pid = message_pid = getpid();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(cbsignal(CB_ALARM, on_alarm, 2) == 0);
    resume_sender();
    CHECK(checked_sleepms(3) == OK);
    CHECK(alarms == 1 && messages == 1);
    CHECK(strcmp(order, "AM") == 0);
    check_work();
    return end_checked();
}

static void both_verify(void)
{
    CHECK(alarms == 1 && messages == 1 && got == 77 && ended == 2 && deepest <= 2);
    forget();
}

/* A callback that registers again, three times in all, due at once: one at a time, never within itself. */
static void on_alarm_again(void)
{
    enter_callback(alarm_pid, CB_ALARM);
    if (++alarms < 3)
        CHECK(cbsignal(CB_ALARM, on_alarm_again, 0) == 0);
    leave_callback();
}

static process again_process(void)
{
    int i;

    alarm_pid = getpid();
    CHECK(cbsignal(CB_ALARM, on_alarm_again, 0) == 0);
    for (i = 0; i < 3; i++) {
        check_work();
        order_tick();
    }
    CHECK(alarms == 3);
    check_work();
    return end_checked();
}

static void again_verify(void)
{
    CHECK(alarms == 3 && ended == 1 && deepest == 1);
    forget();
}

/* A vacation and a message on one return; a return of SYSERR and of sleepms(0) are returns, too. */
static process vacation_process(void)
{
    message_pid = getpid();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(dreamvac(on_vacation) == OK);
    resume_sender();
    CHECK(checked_sleepms(2) == OK);
    CHECK(strcmp(order, "MV") == 0);
    CHECK(dreamvac(on_vacation) == OK);
    CHECK(checked_sleepms(-1) == SYSERR);
    CHECK(dreamvac(on_vacation) == OK);
    CHECK(checked_sleepms(0) == OK);
    CHECK(checked_sleepms(0) == OK);
    CHECK(vacations == 3);
    return end_checked();
}

static void vacation_verify(void)
{
    CHECK(messages == 1 && vacations == 3 && got == 77 && ended == 2 && deepest == 1);
    forget();
}

/* A message that comes while the alarm callback sleeps, for which a vacation was claimed: two levels, then
 * the vacation. */
static void on_sleeping_alarm(void)
{
    enter_callback(alarm_pid, CB_ALARM);
    alarms++;
    CHECK(checked_sleepms(2) == OK);
    CHECK(messages == 1 && vacations == 0);
    leave_callback();
}

static process nested_process(void)
{
    alarm_pid = message_pid = getpid();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(cbsignal(CB_ALARM, on_sleeping_alarm, 0) == 0);
    order_tick(); /* the callback begins here, and sleeps */
    CHECK(strcmp(order, "AM") == 0);
    check_work();
    return end_checked();
}

static process nested_first(void)
{
    resume(create(nested_process, 8192, 50, "nested", 0));
    resume_sender();
    return OK;
}

static void nested_verify(void)
{
    CHECK(alarms == 1 && messages == 1 && got == 77 && ended == 2 && deepest == 2);
    forget();
}

static const struct scenario scenarios[] = {
    {"alarm", alarm_process, alarm_verify, FALSE},
    {"message", message_process, message_verify, FALSE},
    {"alarm and message", both_process, both_verify, FALSE},
    {"registration in the callback", again_process, again_verify, FALSE},
    {"vacation and message", vacation_process, vacation_verify, FALSE},
    {"two processes in turn", turns_process, turns_verify, FALSE},
    {"kill in the callback", kill_process, kill_verify, TRUE},
    {"message in the callback", nested_first, nested_verify, FALSE},
};

extern char sleepms_text[], sleepms_etext[], entry_text[], entry_etext[];

process main(void)
{
    uint32 tried = 0, i;

    sweep_begin();
    undisturbed = work();
    CHECK(work() == undisturbed);
    for (i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
        tried += sweep(&scenarios[i]);
    kprintf("boundaries: %u\n", tried);
    print_interrupted("entry code", (uint32)entry_text, (uint32)entry_etext); /* clkdisp, cbfmanager, cbfreturn ... */
    print_interrupted("sleepms", (uint32)sleepms_text, (uint32)sleepms_etext);
#ifndef SWEEP_UNDISTURBED_ONLY
    /* Of cbfmanager.S, which comes first: cbfreturn up to its cli, and the cli after each of three callbacks.
     */
    CHECK(count_interrupted((uint32)entry_text, (uint32)clkdisp) == 2 + 3);
#endif
    CHECK(kcheck() == NULL);
    checks_done();
    return OK;
}
