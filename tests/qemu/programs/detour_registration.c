/* detour_registration.c - R1, R2, R3, R5: what cbsignal() accepts, what it sets, and what it is good for */
#include "detour.h"

#include <stdlib.h>

static volatile int alarms, messages;

static void on_alarm(void)
{
    alarms++;
}
static void on_message(void)
{
    messages++;
}
static void other(void)
{
    alarms += 1000;
}

/* ---- R1 ---- */

/* A call that must be refused: SYSERR, no byte of the process's entry changed, the interrupt flag as it was.
 */
static int refused(uint32 etype, uint32 function, uint32 val)
{
    struct procent before;
    intmask mask = disable();
    syscall masked, unmasked;
    uint32 flags;
    int same;

    before = *me;
    masked = cbsignal((uint16)etype, (callback)function, val);
    same = memcmp(&before, me, sizeof before) == 0 && (eflags() & EFLAGS_IF) == 0;
    restore(mask);
    unmasked = cbsignal((uint16)etype, (callback)function, val);
    flags = eflags();
    return masked == SYSERR && unmasked == SYSERR && same && (flags & EFLAGS_IF) != 0;
}

static void arguments_out_of_range(void)
{
    static const uint16 no_event[] = {0, 3, 4, 255, 256, 257, 258, 0x8001, 0x8002, 65535};
    const uint32 no_code[] = {0,
                              1,
                              (uint32)&text - 1,
                              (uint32)&etext,
                              (uint32)&etext + 1,
                              (uint32)&data,
                              (uint32)&end,
                              (uint32)no_event,
                              0x7fffffff,
                              0x80000000,
                              0xffffffff};
    uint32 local, i;

    for (i = 0; i < sizeof no_event / sizeof no_event[0]; i++)
        CHECK(refused(no_event[i], (uint32)on_alarm, 5));
    for (i = 0; i < sizeof no_code / sizeof no_code[0]; i++) {
        CHECK(refused(CB_ALARM, no_code[i], 5));
        CHECK(refused(CB_MESSAGE, no_code[i], 5));
    }
    CHECK(refused(CB_ALARM, (uint32)&local, 5));
    CHECK(refused(CB_MESSAGE, (uint32)&local, 5));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 5001));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 65536));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 0x80000000));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 0xffffffff));
    CHECK(refused(CB_ALARM, 0, 5001));
    CHECK(refused(0, 0, 5001));
}

/* A process of its own for each: what it registers dies with it. */
static void first_byte_of_text(void)
{
    CHECK(cbsignal(CB_ALARM, (callback)&text, 5000) == 0);
    CHECK(cbsignal(CB_MESSAGE, (callback)&text, 0) == 0);
    CHECK(me->prcbf1 == (callback)&text && me->prcbf2 == (callback)&text);
}

static void last_byte_of_text(void)
{
    CHECK(cbsignal(CB_ALARM, (callback)((uint32)&etext - 1), 5000) == 0);
    CHECK(cbsignal(CB_MESSAGE, (callback)((uint32)&etext - 1), 0) == 0);
    CHECK(outstanding(currpid, 1, 1));
}

static void message_ignores_val(void)
{
    CHECK(cbsignal(CB_MESSAGE, on_message, 0xffffffff) == 0);
}

static void alarm_outstanding(void)
{
    intmask mask = disable();

    CHECK(cbsignal(CB_ALARM, on_alarm, 5000) == 0);
    CHECK(me->pralarmtime == clkcountermsec + 5000);
    restore(mask);
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 5000));
    CHECK(refused(CB_ALARM, (uint32)other, 0));
    CHECK(refused(CB_ALARM, 0, 5001));
    CHECK(refused(CB_MESSAGE, (uint32)&etext, 0));
    CHECK(cbsignal(CB_MESSAGE, on_message, 5001) == 0);
    CHECK(refused(CB_MESSAGE, (uint32)other, 0));
    CHECK(refused(CB_ALARM, (uint32)other, 1));
    CHECK(refused(3, (uint32)other, 1));
    CHECK(me->prcbf1 == on_alarm && me->prcbf2 == on_message);
}

static void message_outstanding(void)
{
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(refused(CB_MESSAGE, (uint32)other, 0));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 5001));
    CHECK(refused(CB_ALARM, (uint32)&etext, 5));
    CHECK(outstanding(currpid, 0, 1));
    CHECK(cbsignal(CB_ALARM, on_alarm, 4999) == 0);
}

static void r01(void)
{
    CHECK(outstanding(currpid, 0, 0));
    arguments_out_of_range();
    start_and_await(first_byte_of_text);
    start_and_await(last_byte_of_text);
    start_and_await(message_ignores_val);
    start_and_await(alarm_outstanding);
    start_and_await(message_outstanding);
    CHECK(alarms == 0 && messages == 0);
    rule_done("R01");
}

/* ---- R2 ---- */

static void fields_alarm_first(void)
{
    hold_clock();
    CHECK(me->prcbf1 == NULL && me->prcbf2 == NULL && me->pralarmtime == 0 && outstanding(currpid, 0, 0));
    CHECK(cbsignal(CB_ALARM, on_alarm, 3) == 0);
    CHECK(outstanding(currpid, 1, 0) && me->prcbf1 == on_alarm && me->prcbf2 == NULL);
    CHECK(me->pralarmtime == clkcountermsec + 3);
    CHECK(cbsignal(CB_MESSAGE, on_message, 7) == 0);
    CHECK(outstanding(currpid, 1, 1) && me->prcbf1 == on_alarm && me->prcbf2 == on_message);
    CHECK(me->pralarmtime == clkcountermsec + 3);
    send(currpid, 1);
    CHECK(outstanding(currpid, 1, 1));
    tick();
    CHECK(outstanding(currpid, 1, 0) && messages == 1 && alarms == 0);
    tick();
    tick();
    CHECK(outstanding(currpid, 0, 0) && messages == 1 && alarms == 1);
    release_clock();
}

static void fields_message_first(void)
{
    hold_clock();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(outstanding(currpid, 0, 1) && me->prcbf1 == NULL && me->prcbf2 == on_message &&
          me->pralarmtime == 0);
    CHECK(cbsignal(CB_ALARM, on_alarm, 2) == 0);
    CHECK(outstanding(currpid, 1, 1) && me->prcbf1 == on_alarm && me->prcbf2 == on_message);
    tick();
    CHECK(outstanding(currpid, 1, 1));
    tick();
    CHECK(outstanding(currpid, 0, 1) && alarms == 2 && messages == 1);
    send(currpid, 1);
    tick();
    CHECK(outstanding(currpid, 0, 0) && alarms == 2 && messages == 2);
    release_clock();
}

static volatile pid32 watched;
static volatile int observations, inconsistent, half_set;

/* Comes at every clock interrupt, wherever in cbsignal() the watched process may be. */
static void watch(void)
{
    const struct procent *p = &proctab[watched];

    for (;;) {
        sleepms(1);
        observations++;
        if (p->pretype != p->pralarmreg + 2 * p->prmsgreg)
            inconsistent++;
        if (p->pralarmreg && (p->prcbf1 != on_alarm || p->pralarmtime - clkcountermsec > 5000))
            half_set++;
        if (p->prmsgreg && p->prcbf2 != on_message)
            half_set++;
    }
}

/* Undoes a registration, so that the next one can follow at once. */
static void take_back(void)
{
    intmask mask = disable();

    me->pretype = me->pralarmreg = me->prmsgreg = 0;
    me->prcbf1 = me->prcbf2 = NULL;
    me->pralarmtime = 0;
    restore(mask);
}

static void register_for_ever(void)
{
    volatile int i;

    for (;;) {
        cbsignal(CB_ALARM, on_alarm, 5000);
        cbsignal(CB_MESSAGE, on_message, 0);
        take_back();
        cbsignal(CB_MESSAGE, on_message, 0);
        cbsignal(CB_ALARM, on_alarm, 5000);
        take_back();
        for (i = rand() & 7; i > 0; i--) /* no fixed distance to the clock */
            ;
    }
}

static void r02(void)
{
    pid32 watcher;

    start_and_await(fields_alarm_first);
    start_and_await(fields_message_first);
    watched = start_below(register_for_ever);
    watcher = start(watch);
    sleepms(600);
    kill(watcher);
    recvclr();
    kill(watched);
    recvclr();
    CHECK(observations > 500);
    CHECK(inconsistent == 0);
    CHECK(half_set == 0);
    rule_done("R02");
}

/* ---- R3 ---- */

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

/* ---- R5 ---- */

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
    r01();
    r02();
    r03();
    r05();
    return OK;
}
