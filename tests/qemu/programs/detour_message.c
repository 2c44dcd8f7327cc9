/* detour_message.c - R18: the message and the planted detour stay as they are until they are taken */
#include "detour_mailbox.h"

static volatile umsg32 received;
static struct stack_copy copy;

static void taking_callback(void)
{
    on_message();
    CHECK(send(currpid, 99) == SYSERR); /* it is still in the mailbox */
    received = receive();
    CHECK(!me->prhasmsg);
}

static void take_in_callback(void)
{
    hold_clock();
    cbsignal(CB_MESSAGE, taking_callback, 0);
    send(currpid, 41);
    CHECK(send(currpid, 42) == SYSERR);
    tick();
    CHECK(received == 41 && recvclr() == OK);
    release_clock();
}

static void take_later(void)
{
    hold_clock();
    cbsignal(CB_MESSAGE, on_message, 0);
    send(currpid, 43);
    tick();
    CHECK(mailbox_full_in_callback && mailbox_in_callback == 43);
    CHECK(me->prhasmsg && send(currpid, 44) == SYSERR);
    tick();
    CHECK(receive() == 43);
    CHECK(recvclr() == OK);
    release_clock();
}

static volatile int returns;

static void planted_sleeper(void)
{
    intmask mask = disable();
    syscall slept;
    int before = events;

    cbsignal(CB_MESSAGE, on_message, 0);
    slept = sleepms(10);
    returns++;
    CHECK(slept == OK);
    CHECK(events == before + 1);
    CHECK(outstanding(currpid, 0, 0));
    tick();
    tick();
    CHECK(events == before + 1);
    received = recvclr();
    restore(mask);
}

static void second_send(int emptied)
{
    pid32 pid = start(planted_sleeper);
    uint32 *word;
    int i;

    returns = 0;
    CHECK(send(pid, 45) == OK);
    copy_stack(&copy, pid);
    for (i = 0; i < 3; i++) {
        if (emptied)
            proctab[pid].prhasmsg = FALSE;
        CHECK(send(pid, 46 + i) == (emptied ? OK : SYSERR));
        CHECK(changed_words(&copy, &word) == 0);
    }
    CHECK(proctab[pid].prmsg == (emptied ? 48 : 45) && proctab[pid].prhasmsg);
    await_end(pid);
    CHECK(returns == 1);
    CHECK(received == (emptied ? 48 : 45));
}

process main(void)
{
    start_and_await(take_in_callback);
    start_and_await(take_later);
    second_send(FALSE);
    second_send(TRUE);
    rule_done("R18");
    return OK;
}
