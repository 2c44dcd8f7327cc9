/* detour_event.c - R12: what is a message event, and what is not */
#include "detour_mailbox.h"

static volatile int children;

static void end_at_once(void)
{
    children++;
}

static volatile umsg32 received;
static volatile int events_then;

/* Blocked for a message: it simply gets it, and the registration stays for the next one. */
static void blocked_receiver(int maxwait)
{
    intmask mask = disable();

    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    received = maxwait < 0 ? receive() : recvtime(maxwait);
    events_then = events;
    tick();
    tick();
    CHECK(events == 0 && outstanding(currpid, 0, 1) && !me->prhasmsg);
    send(currpid, 12);
    tick();
    CHECK(events == 1 && outstanding(currpid, 0, 0) && recvclr() == 12);
    restore(mask);
}

static void blocked(int maxwait)
{
    pid32 pid = create(blocked_receiver, STACK, PRIORITY_ABOVE, "blocked", 1, maxwait);

    resume(pid);
    CHECK(outstanding(pid, 0, 1));
    CHECK(send(pid, 11) == OK);
    await_end(pid);
    CHECK(received == 11 && events_then == 0);
}

/* Woken by a message, but not running yet: it has its message, and is not blocked for another. */
static void woken_receiver(void)
{
    cbsignal(CB_MESSAGE, on_message, 0);
    received = receive();
    events_then = events;
    tick();
}

static void woken_but_not_running(void)
{
    pid32 pid = start_below(woken_receiver);

    events = 0;
    sleepms(2);
    CHECK(proctab[pid].prstate == PR_RECV);
    CHECK(send(pid, 13) == OK);
    CHECK(proctab[pid].prstate == PR_READY);
    CHECK(send(pid, 14) == SYSERR);
    CHECK(outstanding(pid, 0, 1));
    await_end(pid);
    CHECK(received == 13 && events_then == 0 && events == 0);
}

/* After its time-out recvtime() no longer waits: a message now is an event. */
static void timed_out_receiver(void)
{
    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    received = recvtime(5);
    spin(3);
}

static void after_time_out(void)
{
    pid32 pid = start_below(timed_out_receiver);

    sleepms(2);
    CHECK(proctab[pid].prstate == PR_RECTIM);
    spin(10);
    CHECK(proctab[pid].prstate == PR_READY && outstanding(pid, 0, 1));
    CHECK(send(pid, 15) == OK);
    await_end(pid);
    CHECK(received == 15); /* taken by recvtime() after all; the callback runs nevertheless */
    CHECK(events == 1 && ran_in == pid && !mailbox_full_in_callback);

    pid = start(timed_out_receiver);
    await_end(pid);
    CHECK(received == (umsg32)TIMEOUT && events == 0);
}

static void waiting_at_registration(void)
{
    hold_clock();
    events = 0;
    send(currpid, 21);
    tick();
    CHECK(events == 0); /* nothing is registered */
    cbsignal(CB_MESSAGE, on_message, 0);
    CHECK(events == 0 && outstanding(currpid, 0, 1));
    tick();
    CHECK(events == 1 && mailbox_in_callback == 21 && outstanding(currpid, 0, 0));
    tick();
    CHECK(events == 1);

    cbsignal(CB_MESSAGE, on_message, 0); /* the same message once more: it still waits */
    sleepms(0);
    CHECK(events == 2 && recvclr() == 21);

    cbsignal(CB_MESSAGE, on_message, 0); /* taken before: no event */
    tick();
    sleepms(0);
    CHECK(events == 2 && outstanding(currpid, 0, 1));
    release_clock();
}

static void one_event_per_registration(void)
{
    hold_clock();
    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    send(currpid, 22);
    CHECK(recvclr() == 22);
    send(currpid, 23); /* the event has occurred already */
    tick();
    CHECK(events == 1 && mailbox_in_callback == 23);
    tick();
    CHECK(events == 1 && outstanding(currpid, 0, 0));
    CHECK(recvclr() == 23);
    send(currpid, 24);
    tick();
    CHECK(events == 1);
    CHECK(recvclr() == 24);
    release_clock();
}

/* The callback runs even when the message is gone. */
static void fetched_meanwhile(void)
{
    hold_clock();
    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    send(currpid, 25);
    CHECK(recvclr() == 25);
    CHECK(outstanding(currpid, 0, 1) && events == 0);
    tick();
    CHECK(events == 1 && !mailbox_full_in_callback && outstanding(currpid, 0, 0));

    cbsignal(CB_MESSAGE, on_message, 0);
    send(currpid, 26);
    CHECK(receive() == 26);
    tick();
    CHECK(events == 2 && !mailbox_full_in_callback);

    cbsignal(CB_MESSAGE, on_message, 0);
    send(currpid, 27);
    CHECK(recvtime(0) == 27);
    sleepms(0);
    CHECK(events == 3 && !mailbox_full_in_callback);
    release_clock();
}

/* A child's end comes as a message too. */
static void message_about_a_child(void)
{
    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    ran_in = NULLPROC; /* before: the clock may deliver as soon as the child has ended */
    start(end_at_once);
    tick();
    CHECK(children == 1);
    CHECK(events == 1 && isbadpid((pid32)mailbox_in_callback) && ran_in == currpid);
    recvclr();
}

/* A message to another process is none to this one. */
static void other_receiver(void)
{
    suspend(currpid);
}

static void message_to_another(void)
{
    pid32 pid = start(other_receiver);

    events = 0;
    cbsignal(CB_MESSAGE, on_message, 0);
    CHECK(send(pid, 1) == OK);
    CHECK(send(NPROC, 1) == SYSERR);
    tick();
    CHECK(events == 0 && outstanding(currpid, 0, 1) && outstanding(pid, 0, 0));
    kill(pid);
}

process main(void)
{
    blocked(-1);
    blocked(100);
    woken_but_not_running();
    after_time_out();
    start_and_await(waiting_at_registration);
    start_and_await(one_event_per_registration);
    start_and_await(fetched_meanwhile);
    start_and_await(message_about_a_child);
    start_and_await(message_to_another);
    rule_done("R12");
    return OK;
}
