/* detour_slot.c - R13: send() rewrites the return address of sleepms(), and nothing else */
#include "detour_sleeper.h"

extern char resched_text[], resched_etext[], sleepms_text[], sleepms_etext[]; /* from the linker script */

static struct stack_copy copy;

/* Where sleepms() of a sleeping process keeps its return address, found as course code would find it. */
static uint32 *slot_of(pid32 pid)
{
    return callers_frame(pid) + FRAME_RETURN;
}

static void chain_is_as_drawn(pid32 pid)
{
    uint32 *saved = (uint32 *)proctab[pid].prstkptr;

    CHECK(saved[SAVED_RETURN] >= (uint32)resched_text && saved[SAVED_RETURN] < (uint32)resched_etext);
    CHECK(resched_frame(pid)[FRAME_RETURN] >= (uint32)sleepms_text);
    CHECK(resched_frame(pid)[FRAME_RETURN] < (uint32)sleepms_etext);
}

/* Sends, and checks that the one word that changes is the return address of sleepms(). */
static void send_rewrites_the_slot(pid32 pid)
{
    uint32 *slot = slot_of(pid), *word = NULL, home = *slot;

    chain_is_as_drawn(pid);
    CHECK(!in_detour_code(home));
    copy_stack(&copy, pid);
    CHECK(send(pid, 1) == OK);
    CHECK(changed_words(&copy, &word) == 1);
    CHECK(word == slot);
    CHECK(in_detour_code(*slot));
    CHECK(events == 0 && outstanding(pid, 0, 1));
}

static void ends_well(pid32 pid)
{
    await_end(pid);
    CHECK(events == 1 && events_at_return == 1 && result == OK);
}

static void while_sleeping(void)
{
    pid32 pid = start_sleeper(10, PRIORITY_ABOVE);
    uint32 *slot = slot_of(pid), home = *slot;

    CHECK(home > (uint32)sleeper && home < (uint32)second_sleeper);
    send_rewrites_the_slot(pid);
    CHECK(proctab[pid].prstate == PR_SLEEP);
    ends_well(pid);
}

static void while_ready(void)
{
    pid32 pid = start_sleeper(3, PRIORITY_BELOW);

    spin(6);
    CHECK(proctab[pid].prstate == PR_READY);
    send_rewrites_the_slot(pid);
    ends_well(pid);
}

/* Planted while it slept: to be woken changes nothing on its stack. */
static void waking_leaves_the_stack(void)
{
    pid32 pid = start_sleeper(3, PRIORITY_BELOW);
    uint32 *word;

    send_rewrites_the_slot(pid);
    copy_stack(&copy, pid);
    spin(6);
    CHECK(proctab[pid].prstate == PR_READY);
    CHECK(changed_words(&copy, &word) == 0);
    CHECK((uint32 *)proctab[pid].prstkptr == copy.low);
    suspend(pid);
    sleepms(2);
    CHECK(changed_words(&copy, &word) == 0 && events == 0);
    resume(pid);
    ends_well(pid);
}

static void while_suspended(void)
{
    pid32 pid = start_sleeper(3, PRIORITY_BELOW);

    spin(6);
    suspend(pid);
    CHECK(proctab[pid].prstate == PR_SUSP);
    send_rewrites_the_slot(pid);
    sleepms(2);
    CHECK(events == 0 && outstanding(pid, 0, 1));
    resume(pid);
    ends_well(pid);
}

static void taken_out_of_its_sleep(void)
{
    pid32 pid = start_sleeper(1000, PRIORITY_ABOVE);

    CHECK(unsleep(pid) == OK);
    send_rewrites_the_slot(pid);
    CHECK(ready(pid) == OK);
    ends_well(pid);
    CHECK(returned_at - began < 1000);
}

static void through_sleep(void)
{
    pid32 pid = start(second_sleeper);

    send_rewrites_the_slot(pid);
    ends_well(pid);
    CHECK(returned_at - began >= 1000 && returned_at - began <= 1001);
}

/* Its callback sleeps again, which makes a second pair of frames below the detour; an alarm is the one to
 * sleep here. */
static void sleeping_alarm(void)
{
    result = sleepms(5);
    events_at_return = events;
}

static void sleeps_in_callback(void)
{
    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    cbsignal(CB_ALARM, sleeping_alarm, 0);
    spin(1);
}

static void in_a_callback(void)
{
    pid32 pid = start(sleeps_in_callback);

    CHECK(proctab[pid].prstate == PR_SLEEP);
    send_rewrites_the_slot(pid);
    ends_well(pid);
}

/* Without a registration nothing is rewritten. */
static void only_registered(void)
{
    pid32 pid = start_sleeper(5, PRIORITY_ABOVE);
    uint32 *word;

    proctab[pid].prmsgreg = 0;
    proctab[pid].pretype = 0;
    copy_stack(&copy, pid);
    send(pid, 1);
    CHECK(changed_words(&copy, &word) == 0);
    await_end(pid);
    CHECK(events == 0);
}

process main(void)
{
    while_sleeping();
    while_ready();
    waking_leaves_the_stack();
    while_suspended();
    taken_out_of_its_sleep();
    through_sleep();
    in_a_callback();
    only_registered();
    rule_done("R13");
    return OK;
}
