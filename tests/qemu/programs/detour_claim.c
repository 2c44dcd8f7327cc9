/* detour_claim.c - R19: what one detour runs, and in which order */
#include "detour_trace.h"

static void all_at_a_tick(void)
{
    hold_clock();
    dreamvac(note_vacation);
    cbsignal(CB_MESSAGE, note_message, 0);
    cbsignal(CB_ALARM, note_alarm, 0);
    send(currpid, 1);
    tick();
    CHECK(trace_is("am")); /* no vacation: no sleepms() returns */
    tick();
    CHECK(trace_is(""));
    sleepms(0);
    CHECK(trace_is("v"));
    release_clock();
}

static void all_at_a_return(void)
{
    hold_clock();
    dreamvac(note_vacation);
    cbsignal(CB_MESSAGE, note_message, 0);
    cbsignal(CB_ALARM, note_alarm, 0);
    send(currpid, 1);
    CHECK(sleepms(0) == OK);
    CHECK(trace_is("amv"));
    sleepms(0);
    tick();
    CHECK(trace_is(""));
    release_clock();
}

static void sleep_with_all(void)
{
    intmask mask = disable();

    dreamvac(note_vacation);
    cbsignal(CB_ALARM, note_alarm, 3);
    cbsignal(CB_MESSAGE, note_message, 0);
    CHECK(sleepms(5) == OK);
    CHECK(trace_is("amv"));
    restore(mask);
}

static void all_at_a_planted_return(void)
{
    pid32 pid = start(sleep_with_all);

    send(pid, 1);
    await_end(pid);
}

/* Claimed at once: when the first callback begins, the registrations of both are free, and both kinds count
 * as running. */
static void claiming_alarm(void)
{
    note('(');
    CHECK(outstanding(currpid, 0, 0));
    CHECK(cbsignal(CB_MESSAGE, note_message, 0) == 0);
    CHECK(cbsignal(CB_ALARM, note_alarm, 0) == 0);
    CHECK(me->prhasmsg); /* for the first registration; it counts for this one as well (R12) */
    tick();
    sleepms(0);
    tick();
    CHECK(outstanding(currpid, 1, 1));
    note(')');
}

static void claimed_message(void)
{
    note('[');
    CHECK(recvclr() == 1);
    CHECK(outstanding(currpid, 1, 1));
    tick(); /* the alarm's callback is over: its next one may come, inside this */
    CHECK(outstanding(currpid, 0, 1));
    note(']');
}

static void claimed_vacation(void)
{
    note('<');
    tick(); /* no kind is running now */
    note('>');
}

static void claim_at_a_tick(void)
{
    hold_clock();
    cbsignal(CB_ALARM, claiming_alarm, 0);
    cbsignal(CB_MESSAGE, claimed_message, 0);
    send(currpid, 1);
    tick();
    CHECK(trace_is("()[a]"));
    tick();
    CHECK(trace_is("m"));
    release_clock();
}

static void claim_at_a_return(void)
{
    hold_clock();
    dreamvac(claimed_vacation);
    cbsignal(CB_ALARM, claiming_alarm, 0);
    cbsignal(CB_MESSAGE, claimed_message, 0);
    send(currpid, 1);
    sleepms(0);
    CHECK(trace_is("()[a]<m>"));
    tick();
    CHECK(trace_is(""));
    release_clock();
}

/* A vacation is the one of the sleepms() that returns, though the callbacks before it sleep, and register
 * others. */
static void other_vacation(void)
{
    note('w');
}

static void sleepy_alarm(void)
{
    note('(');
    CHECK(sleepms(0) == OK);
    CHECK(sleepms(2) == OK);
    note('.');
    CHECK(dreamvac(other_vacation) == OK);
    CHECK(sleepms(0) == OK);
    note(')');
}

static void sleepy_message(void)
{
    note('[');
    recvclr();
    CHECK(sleepms(1) == OK);
    dreamvac(note_vacation);
    dreamvac(NULL);
    note(']');
}

static void sleepy_vacation(void)
{
    note('<');
    CHECK(sleepms(1) == OK);
    dreamvac(other_vacation);
    note('>');
}

static void sleepers_vacation(void)
{
    intmask mask = disable();

    dreamvac(sleepy_vacation);
    cbsignal(CB_MESSAGE, sleepy_message, 0);
    cbsignal(CB_ALARM, sleepy_alarm, 2);
    CHECK(sleepms(3) == OK);
    note('e');
    CHECK(sleepms(0) == OK);
    CHECK(trace_is("(.w)[]<>ew"));
    restore(mask);
}

static void nested_sleeps(void)
{
    pid32 pid = start(sleepers_vacation);

    send(pid, 1);
    await_end(pid);
}

process main(void)
{
    start_and_await(all_at_a_tick);
    start_and_await(all_at_a_return);
    all_at_a_planted_return();
    start_and_await(claim_at_a_tick);
    start_and_await(claim_at_a_return);
    nested_sleeps();
    rule_done("R19");
    return OK;
}
