/* detour_nesting.c - R11: a callback never interrupts itself; one of the other kind does */
#include "detour_trace.h"

static void long_alarm(void)
{
    static volatile int depth;

    note('(');
    CHECK(depth++ == 0);
    CHECK(cbsignal(CB_ALARM, note_alarm, 0) == 0);
    tick();
    tick();
    sleepms(0); /* its return is a place for detours too */
    tick();
    CHECK(outstanding(currpid, 1, 0));
    depth--;
    note(')');
}

static void alarm_in_alarm(void)
{
    hold_clock();
    cbsignal(CB_ALARM, long_alarm, 0);
    tick();
    CHECK(trace_is("()")); /* not immediately after the callback */
    CHECK(outstanding(currpid, 1, 0));
    tick();
    CHECK(trace_is("a"));
    CHECK(outstanding(currpid, 0, 0));
    release_clock();
}

static void long_message(void)
{
    note('(');
    recvclr();
    CHECK(cbsignal(CB_MESSAGE, note_message, 0) == 0);
    CHECK(send(currpid, 2) == OK);
    tick();
    sleepms(0);
    tick();
    CHECK(outstanding(currpid, 0, 1));
    note(')');
}

static void message_in_message(void)
{
    hold_clock();
    cbsignal(CB_MESSAGE, long_message, 0);
    send(currpid, 1);
    tick();
    CHECK(trace_is("()"));
    CHECK(outstanding(currpid, 0, 1) && me->prhasmsg);
    tick();
    CHECK(trace_is("m"));
    CHECK(outstanding(currpid, 0, 0));
    release_clock();
}

/* The same while the callback sleeps; the sender finds it there, and must leave its stack alone. */
static void sleeping_message(void)
{
    intmask mask;

    note('(');
    recvclr();
    cbsignal(CB_MESSAGE, note_message, 0);
    mask = disable();
    CHECK(sleepms(5) == OK);
    note('.');
    restore(mask);
    spin(3); /* clock interrupts, too */
    CHECK(outstanding(currpid, 0, 1));
    note(')');
}

static void sleeping_receiver(void)
{
    cbsignal(CB_MESSAGE, sleeping_message, 0);
    sleepms(5);
    note('|'); /* this is still on the way to the next clock interrupt */
    spin(2);
    note('e');
}

static struct stack_copy copy;

static void message_while_its_callback_sleeps(void)
{
    pid32 pid = start(sleeping_receiver);
    uint32 *word;

    send(pid, 1);
    while (trace_length == 0)
        sleepms(1);
    sleepms(1);
    CHECK(proctab[pid].prstate == PR_SLEEP && outstanding(pid, 0, 1));
    copy_stack(&copy, pid);
    CHECK(send(pid, 2) == OK);
    CHECK(changed_words(&copy, &word) == 0);
    await_end(pid);
    CHECK(trace_is("(.)|me"));
}

/* The other kind does interrupt: two levels. A third one there is not, whatever is due. */
static void inner_message(void)
{
    note('[');
    recvclr();
    cbsignal(CB_ALARM, note_alarm, 0);
    cbsignal(CB_MESSAGE, note_message, 0);
    send(currpid, 3);
    tick();
    tick();
    CHECK(outstanding(currpid, 1, 1));
    note(']');
}

static void outer_alarm(void)
{
    note('(');
    cbsignal(CB_MESSAGE, inner_message, 0);
    send(currpid, 2);
    tick();
    tick(); /* the message that came inside, but not the alarm */
    CHECK(outstanding(currpid, 1, 0));
    note(')');
}

static void inner_alarm(void)
{
    note('[');
    cbsignal(CB_ALARM, note_alarm, 0);
    cbsignal(CB_MESSAGE, note_message, 0);
    send(currpid, 3);
    tick();
    tick();
    CHECK(outstanding(currpid, 1, 1));
    note(']');
}

static void outer_message(void)
{
    note('(');
    recvclr();
    cbsignal(CB_ALARM, inner_alarm, 0);
    tick();
    tick(); /* the alarm that was registered inside, but not the message */
    CHECK(outstanding(currpid, 0, 1));
    note(')');
}

static void two_levels(void)
{
    hold_clock();
    cbsignal(CB_ALARM, outer_alarm, 0);
    tick();
    CHECK(trace_is("([]m)"));
    tick();
    CHECK(trace_is("a"));

    cbsignal(CB_MESSAGE, outer_message, 0);
    send(currpid, 1);
    tick();
    CHECK(trace_is("([]a)"));
    tick();
    CHECK(trace_is("m"));
    CHECK(outstanding(currpid, 0, 0));
    release_clock();
}

/* An alarm callback that sleeps takes a message on the return of its sleepms(). */
static void sleeping_alarm(void)
{
    intmask mask = disable();

    note('(');
    CHECK(sleepms(5) == OK);
    note(')');
    restore(mask);
}

static void alarm_receiver(void)
{
    cbsignal(CB_MESSAGE, note_message, 0);
    cbsignal(CB_ALARM, sleeping_alarm, 1);
    sleepms(2);
    note('e');
}

static void message_in_sleeping_alarm(void)
{
    pid32 pid = start(alarm_receiver);

    while (trace_length == 0)
        sleepms(1);
    send(pid, 1);
    await_end(pid);
    CHECK(trace_is("(m)e"));
}

process main(void)
{
    start_and_await(alarm_in_alarm);
    start_and_await(message_in_message);
    message_while_its_callback_sleeps();
    start_and_await(two_levels);
    message_in_sleeping_alarm();
    rule_done("R11");
    return OK;
}
