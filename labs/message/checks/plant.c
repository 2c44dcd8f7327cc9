/* plant.c - tasks 2 and 4: what send() does to the stack of a sleeping receiver */
#include "message.h"

extern void cbfreturn(void);

static void on_message(void) {}

/* Neither is to wake up while it is looked at. */
static struct sleeper with_callback = {on_message, 1000000, 0}, without_callback = {NULL, 1000000, 0};

void check_one_word(void)
{
    pid32 pid;
    uint32 *word;

    with_callback.depth = without_callback.depth = given(0, 0, 9);
    pid = start_sleeper(&without_callback, PRIORITY_ABOVE);
    word = return_word(pid);
    copy_stack(pid);
    send(pid, 1);
    report_changed("without a callback", pid, word);

    pid = start_sleeper(&with_callback, PRIORITY_ABOVE);
    word = return_word(pid);
    copy_stack(pid);
    send(pid, 1);
    report_changed("with one", pid, word);
}

void check_planted(void)
{
    uint32 message = given(1, 1, 1000000), *word;
    pid32 pid;

    with_callback.depth = given(0, 0, 9);
    pid = start_sleeper(&with_callback, PRIORITY_ABOVE);
    word = return_word(pid);
    report("send returns %d", send(pid, message));
    report("sleepms() will return to %s", *word == (uint32)cbfreturn ? "cbfreturn" : "something else");
    report("the table keeps %s",
           proctab[pid].prdetour.original == (uint32)behind_sleepms ? "where it was to return to" : "something else");
    report("the receiver %s", proctab[pid].prstate == PR_SLEEP ? "sleeps on" : "is awake");
    report("its mailbox holds %s",
           proctab[pid].prhasmsg && proctab[pid].prmsg == message ? "the message" : "something");
}

void check_twice(void)
{
    uint32 *word;
    pid32 pid;

    with_callback.depth = given(0, 0, 9);
    pid = start_sleeper(&with_callback, PRIORITY_ABOVE);
    word = return_word(pid);
    copy_stack(pid);
    send(pid, 1);
    report("a second send returns %d", send(pid, 2));
    report_changed("afterwards", pid, word);
    copy_stack(pid);
    proctab[pid].prhasmsg = FALSE; /* as if it had received the first one */
    report("a third one returns %d", send(pid, 3));
    report_changed("since the second one", pid, word);
    report("the table keeps %s",
           proctab[pid].prdetour.original == (uint32)behind_sleepms ? "where it was to return to" : "something else");
}
