/* event.c - task 1: what an event is, and when it may interrupt */
#include <message.h>

static volatile int calls, depth;

static void on_message(void)
{
    calls++;
    report("callback %d at %u", calls, now());
}

void check_waiting(void)
{
    uint32 delay = given(0, 5, 40);
    intmask mask;

    begin();
    send(getpid(), 1);
    spin_until(delay);
    cbsignal(CB_MESSAGE, on_message, 0);
    spin_until(delay + 3);
    report("one that waits: callbacks %d", calls);

    recvclr();
    mask = disable();
    cbsignal(CB_MESSAGE, on_message, 0);
    send(getpid(), 2);
    recvclr();
    restore(mask);
    spin_until(delay + 6);
    report("one that was fetched before: callbacks %d", calls);
}

static void on_message_again(void)
{
    calls++;
    recvclr();
    report("callback %d begins at %u, depth %d", calls, now(), ++depth);
    if (calls < 3)
        cbsignal(CB_MESSAGE, on_message_again, 0);
    sleepms(8);
    report("callback %d ends at %u, depth %d", calls, now(), depth--);
}

static process receiver(uint32 msec)
{
    cbsignal(CB_MESSAGE, on_message_again, 0);
    sleepms(msec);
    report("the receiver goes on at %u", now());
    enable(); /* whether they are is of another check */
    spin_until(msec + 30);
    return OK;
}

void check_itself(void)
{
    uint32 msec = given(0, 10, 40), i;
    pid32 pid = create(receiver, STACK, PRIORITY_ABOVE, "receiver", 1, msec);

    begin();
    resume(pid);
    spin_until(msec - 4);
    for (i = 0; i < 3; i++) {
        report("send at %u returns %d", now(), send(pid, i));
        sleepms(8);
    }
    await_end(pid);
}
