/* sweep_pairs.h - scenarios of two processes that interfere with each other */
#ifndef SWEEP_PAIRS_H
#define SWEEP_PAIRS_H

#include "sweep_callbacks.h"

/* Two processes of equal priority, each with an alarm: every tick switches, also within the callbacks. */
static volatile int turns[NPROC];

static void on_own_alarm(void)
{
    callbacks_begun[getpid()]++;
    check_work();
    turns[getpid()]++;
}

static process turn_process(void)
{
    CHECK(cbsignal(CB_ALARM, on_own_alarm, 1) == 0);
    check_work();
    order_tick();
    check_work();
    order_tick();
    check_work();
    CHECK(checked_sleepms(1) == OK);
    CHECK(turns[getpid()] == 1);
    add(&alarms, turns[getpid()]);
    turns[getpid()] = 0;
    return end_checked();
}

static process turns_process(void)
{
    resume(create(turn_process, 8192, 40, "turn 1", 0));
    resume(create(turn_process, 8192, 40, "turn 2", 0));
    return OK;
}

static void turns_verify(void)
{
    CHECK(alarms == 2 && ended == 2);
    forget();
}

/* A process that is killed in its callback, with a message detour planted. */
static void on_fatal_alarm(void)
{
    callbacks_begun[getpid()]++;
    alarms++;
    check_work();
    sleepms(5);
    CHECK(!"the killed process has come back");
}

static process killer(void)
{
    check_work();
    CHECK(send(victim_pid, 1) == OK);
    check_work();
    CHECK(kill(victim_pid) == OK);
    check_work();
    return end_checked();
}

static process victim(void)
{
    victim_pid = getpid();
    message_pid = victim_pid;
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(cbsignal(CB_ALARM, on_fatal_alarm, 1) == 0);
    check_work();
    order_tick();
    CHECK(!"the callback of the killed process has returned");
    return OK;
}

static process kill_process(void)
{
    resume(create(victim, 8192, 50, "victim", 0));
    resume(create(killer, 8192, 40, "killer", 0));
    return OK;
}

static void kill_verify(void)
{
    CHECK(alarms == 1 && messages == 0 && ended == 1);
    forget();
}

#endif
