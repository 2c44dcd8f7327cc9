/* detour_fields.c - R2: the fields that cbsignal() sets, and that no process sees them half set */
#include "detour_counters.h"

#include <stdlib.h>

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
    CHECK(outstanding(currpid, 0, 1) && me->prcbf1 == NULL && me->prcbf2 == on_message && me->pralarmtime == 0);
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

process main(void)
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
    return OK;
}
