/* sweep_callbacks.h - what the callbacks of the sweep's scenarios check and note */
#ifndef SWEEP_CALLBACKS_H
#define SWEEP_CALLBACKS_H

#include "sweep.h"
#include "sweep_work.h"

#define MAX_EVENTS 16

static uint32 undisturbed; /* the result of work() */
static volatile int alarms, messages, vacations, ended, depth, deepest;
static volatile umsg32 got;
static pid32 alarm_pid, message_pid, victim_pid;
static char order[MAX_EVENTS + 1]; /* of the callbacks: A, M, V */
static volatile int events;

static void check_work(void)
{
    uint32 above[4] = {1, 2, 3, 4}; /* stack above the interrupted words */
    CHECK(work() == undisturbed);
    CHECK(above[0] == 1 && above[1] == 2 && above[2] == 3 && above[3] == 4);
}

/* What every callback finds: its registration taken back, DF clear, interrupts on, its own process; never
 * itself below. */
static void enter_callback(pid32 pid, int kind)
{
    uint32 flags;
    const struct procent *own = &proctab[getpid()];

    asm volatile("pushfl; popl %0" : "=r"(flags));
    CHECK((flags & 0x600) == 0x200);
    CHECK(getpid() == pid);
    CHECK(kind == 0 || (own->prdetour.running & kind) == kind);
    CHECK(own->prdetour.slot == NULL); /* the clock begins no detour for a process while one is planted */
    CHECK(own->pretype == own->pralarmreg + 2 * own->prmsgreg);
    if (events < MAX_EVENTS)
        order[events++] = kind == CB_ALARM ? 'A' : kind == CB_MESSAGE ? 'M' : 'V';
    callbacks_begun[pid]++;
    if (++depth > deepest)
        deepest = depth;
}

static void leave_callback(void)
{
    check_work();
    depth--;
}

static void on_alarm(void)
{
    enter_callback(alarm_pid, CB_ALARM);
    CHECK(proctab[alarm_pid].pralarmreg == 0);
    alarms++;
    leave_callback();
}

static void on_message(void)
{
    enter_callback(message_pid, CB_MESSAGE);
    CHECK(proctab[message_pid].prmsgreg == 0);
    messages++;
    got = recvclr();
    leave_callback();
}

static void on_vacation(void)
{
    enter_callback(message_pid, 0);
    vacations++;
    leave_callback();
}

/* Adds to a counter that several processes share. */
static void add(volatile int *counter, int amount)
{
    intmask mask = disable();
    *counter += amount;
    restore(mask);
}

/* The end of every process of a scenario: nothing is outstanding. */
static process end_checked(void)
{
    const struct procent *own = &proctab[getpid()];
    CHECK(own->pretype == 0 && own->prdetour.running == 0 && own->prdetour.slot == NULL);
    add(&ended, 1);
    return OK;
}

static void forget(void)
{
    alarms = messages = vacations = ended = depth = deepest = events = 0;
    got = 0;
    memset(order, 0, sizeof order);
}

#endif
