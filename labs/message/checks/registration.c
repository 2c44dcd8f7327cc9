/* registration.c - task 1 */
#include "message.h"

static volatile int calls;

static void on_message(void)
{
    calls++;
    report("callback %d at %u, message %u", calls, now(), recvclr());
}

static void on_alarm(void) {}

void check_register(void)
{
    report_fields("before", getpid());
    report("cbsignal returns %d", cbsignal(CB_MESSAGE, on_message, given(0, 0, 1000000)));
    report_fields("after", getpid());
    report("prcbf2 is %s", me->prcbf2 == on_message ? "the callback" : "something else");
}

static const char *verdict(syscall result)
{
    return result == SYSERR ? "refused" : "accepted";
}

void check_order(void)
{
    report("alarm first: %s", verdict(cbsignal(CB_ALARM, on_alarm, 4000)));
    report("then message: %s", verdict(cbsignal(CB_MESSAGE, on_message, 0)));
    report_fields("both", getpid());
    report("message again: %s", verdict(cbsignal(CB_MESSAGE, on_alarm, 0)));
    report("prcbf2 is %s", me->prcbf2 == on_message ? "the first callback" : "something else");

    me->pralarmreg = me->prmsgreg = me->pretype = 0; /* whether a callback takes them back is of other checks */
    report("message first: %s", verdict(cbsignal(CB_MESSAGE, on_message, 0)));
    report("then alarm: %s", verdict(cbsignal(CB_ALARM, on_alarm, 4000)));
    report_fields("both", getpid());
}

/* A process sends to itself, so that the clock delivers. */
void check_by_clock(void)
{
    uint32 delay = given(0, 5, 40);

    begin();
    cbsignal(CB_MESSAGE, on_message, 0);
    spin_until(delay);
    report("send returns %d", send(getpid(), given(1, 1, 1000000)));
    spin_until(delay + 3);
    report("callbacks: %d", calls);
    send(getpid(), 1);
    spin_until(delay + 6);
    report("another message, callbacks: %d", calls);
}
