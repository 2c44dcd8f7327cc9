/* detour_elsewhere.c - R16: a message for a process that is not in sleepms() */
#include "detour_mailbox.h"

static struct stack_copy copy;
static sid32 semaphore;
static volatile syscall result;
static volatile int at_return, ready_to_be_sent;

enum { BY_YIELD = 20, BY_SLEEP_0 };

/* Leaves the processor in one of the ways; no clock interrupt comes between its return and the next line. */
static void leave(int way)
{
    intmask mask = disable();

    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    ready_to_be_sent = TRUE;
    switch (way) {
    case PR_SUSP:
        result = suspend(currpid);
        break;
    case PR_WAIT:
        result = wait(semaphore);
        break;
    case BY_YIELD:
        result = yield();
        break;
    case BY_SLEEP_0:
        result = sleepms(0);
        break;
    }
    at_return = events;
    tick();
    CHECK(events == 1 && ran_in == currpid);
    tick();
    CHECK(events == 1);
    restore(mask);
}

static void sent_to_while_away(int way, int state, syscall expected, int expected_at_return)
{
    pid32 pid = create(leave, STACK, INITPRIO, "away", 1, way);
    uint32 *word;

    ready_to_be_sent = FALSE;
    resume(pid);
    while (!ready_to_be_sent)
        yield();
    CHECK(proctab[pid].prstate == state);
    copy_stack(&copy, pid);
    CHECK(send(pid, 31) == OK);
    CHECK(changed_words(&copy, &word) == 0);
    CHECK(proctab[pid].prstate == state && events == 0 && outstanding(pid, 0, 1));
    if (way == PR_SUSP)
        resume(pid);
    if (way == PR_WAIT)
        signal(semaphore);
    await_end(pid);
    CHECK(result == expected && at_return == expected_at_return);
    CHECK(events == 1 && mailbox_in_callback == 31 && ran_in == pid);
}

/* Preempted by the clock in its loop: the callback comes before any other code of its own. */
static volatile uint32 steps, steps_in_callback;

static void note_steps(void)
{
    on_message();
    steps_in_callback = steps;
}

static void count_steps(void)
{
    cbsignal(CB_MESSAGE, note_steps, 0);
    for (;;)
        steps++;
}

static void preempted_receiver(int suspended)
{
    pid32 pid = start_below(count_steps);
    uint32 before, *word;

    events = steps = 0;
    while (steps == 0)
        sleepms(1);
    CHECK(proctab[pid].prstate == PR_READY);
    before = steps;
    if (suspended)
        suspend(pid);
    copy_stack(&copy, pid);
    send(pid, 32);
    CHECK(changed_words(&copy, &word) == 0 && outstanding(pid, 0, 1));
    if (suspended)
        resume(pid);
    CHECK(steps == before);
    sleepms(2);
    CHECK(events == 1 && ran_in == pid && steps_in_callback == before && outstanding(pid, 0, 0));
    CHECK(steps > before);
    kill(pid);
    recvclr();
}

static void to_itself(void)
{
    hold_clock();
    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    CHECK(send(currpid, 33) == OK);
    CHECK(events == 0 && outstanding(currpid, 0, 1));
    tick();
    CHECK(events == 1 && mailbox_in_callback == 33 && ran_in == currpid);
    release_clock();
}

/* A process that was never switched to: its stack has no frames at all. */
static void first_run(void)
{
    tick();
}

static void not_started(void)
{
    pid32 pid = create(first_run, STACK, PRIORITY_ABOVE, "new", 0);
    uint32 *word;

    copy_stack(&copy, pid);
    proctab[pid].prcbf2 = on_message; /* as if it had registered */
    proctab[pid].prmsgreg = 1;
    proctab[pid].pretype = 2;
    events = 0;
    CHECK(send(pid, 34) == OK);
    CHECK(changed_words(&copy, &word) == 0);
    resume(pid);
    await_end(pid);
    CHECK(events == 1 && ran_in == pid && mailbox_in_callback == 34);
}

process main(void)
{
    semaphore = semcreate(0);
    sent_to_while_away(PR_SUSP, PR_SUSP, INITPRIO, 0);
    sent_to_while_away(PR_WAIT, PR_WAIT, OK, 0);
    sent_to_while_away(BY_YIELD, PR_READY, OK, 0);
    sent_to_while_away(BY_SLEEP_0, PR_READY, OK, 1); /* no rewriting, but due at the return (R19) */
    preempted_receiver(FALSE);
    preempted_receiver(TRUE);
    start_and_await(to_itself);
    not_started();
    rule_done("R16");
    return OK;
}
