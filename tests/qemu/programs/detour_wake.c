/* detour_wake.c - R15: the receiver sleeps its full time */
#include "detour_sleeper.h"

static void full_time(int msec, int sent_after)
{
    pid32 pid = start_sleeper(msec, PRIORITY_ABOVE);
    int changed_early = 0, i;

    for (i = 0; i < sent_after; i++)
        sleepms(1);
    send(pid, 1);
    while (!isbadpid(pid)) {
        changed_early += !outstanding(pid, 0, 1) || events != 0 || proctab[pid].prstate != PR_SLEEP;
        sleepms(1);
    }
    recvclr();
    CHECK(changed_early == 0);
    CHECK(returned_at - began == msec && ran_at == returned_at);
    CHECK(events == 1 && fields_in_callback == 0);
}

/* Woken, and not selected by the scheduler: nothing changes yet. */
static void until_selected(void)
{
    pid32 pid = start_sleeper(3, PRIORITY_BELOW);
    uint32 begin = clkcountermsec;
    int changed_early = 0;

    send(pid, 1);
    while (clkcountermsec - begin < 10)
        changed_early += !outstanding(pid, 0, 1) || events != 0;
    CHECK(changed_early == 0 && proctab[pid].prstate == PR_READY);
    sleepms(2);
    CHECK(events == 1 && fields_in_callback == 0 && ran_at - begin >= 10 && returned_at >= ran_at);
    CHECK(isbadpid(pid));
    recvclr();
}

/* An outstanding alarm stays so. */
static void with_alarm(void)
{
    events = 0;
    cbsignal(CB_ALARM, on_message, 5000);
    cbsignal(CB_MESSAGE, on_message, 0);
    sleepms(5);
    CHECK(events == 1 && fields_in_callback == 1 + 16);
    CHECK(outstanding(currpid, 1, 0));
}

process main(void)
{
    pid32 pid;

    full_time(5, 0);
    full_time(20, 7);
    full_time(10, 8);
    until_selected();
    pid = start(with_alarm);
    send(pid, 1);
    CHECK(outstanding(pid, 1, 1));
    await_end(pid);
    rule_done("R15");
    return OK;
}
