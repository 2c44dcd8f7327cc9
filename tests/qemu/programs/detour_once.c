/* detour_once.c - R3, R5: a registration serves once; and one with val 0, at the next clock interrupt */
#include "detour_counters.h"

static volatile int again_alarms, again_messages;
static volatile syscall second_in_callback;

static void alarm_again(void)
{
    if (++again_alarms < 4) {
        CHECK(cbsignal(CB_ALARM, alarm_again, 0) == 0);
        second_in_callback = cbsignal(CB_ALARM, other, 0);
    }
}

static void message_again(void)
{
    recvclr();
    if (++again_messages < 3)
        CHECK(cbsignal(CB_MESSAGE, message_again, 0) == 0);
}

static void one_shot(void)
{
    int i;

    hold_clock();
    alarms = messages = 0;
    cbsignal(CB_ALARM, on_alarm, 1);
    cbsignal(CB_MESSAGE, on_message, 0);
    send(currpid, 1);
    for (i = 0; i < 10; i++) {
        tick();
        recvclr();
        send(currpid, 2);
    }
    CHECK(alarms == 1 && messages == 1);
    recvclr();
    CHECK(cbsignal(CB_ALARM, on_alarm, 1) == 0); /* and once more */
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    for (i = 0; i < 3; i++)
        tick();
    CHECK(alarms == 2 && messages == 1);
    send(currpid, 3);
    tick();
    CHECK(alarms == 2 && messages == 2);
    release_clock();
}

static void from_inside(void)
{
    int i;

    hold_clock();
    recvclr();
    cbsignal(CB_ALARM, alarm_again, 0);
    for (i = 1; i <= 6; i++) {
        tick();
        CHECK(again_alarms == (i < 4 ? i : 4));
    }
    CHECK(second_in_callback == SYSERR);
    cbsignal(CB_MESSAGE, message_again, 0);
    for (i = 1; i <= 5; i++) {
        send(currpid, i);
        tick();
        CHECK(again_messages == (i < 3 ? i : 3));
    }
    CHECK(outstanding(currpid, 0, 0));
    release_clock();
}

static void r03(void)
{
    start_and_await(one_shot);
    start_and_await(from_inside);
    rule_done("R03");
}

static void due_at_once(void)
{
    hold_clock();
    alarms = 0;
    CHECK(cbsignal(CB_ALARM, on_alarm, 0) == 0);
    CHECK(me->pralarmtime == clkcountermsec && outstanding(currpid, 1, 0));
    CHECK(alarms == 0);
    tick();
    CHECK(alarms == 1 && outstanding(currpid, 0, 0));
    tick();
    CHECK(alarms == 1);
    release_clock();
}

static void r05(void)
{
    start_and_await(due_at_once);
    rule_done("R05");
}

process main(void)
{
    r03();
    r05();
    return OK;
}
