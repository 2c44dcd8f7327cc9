/* detour_due.c - R6: at which clock interrupt an alarm is delivered, and in which process */
#include "detour.h"

static volatile int alarms;
static volatile uint32 ran_at;
static volatile pid32 ran_in;

static void on_alarm(void)
{
    alarms++;
    ran_at = clkcountermsec;
    ran_in = getpid();
}

/* Registers an alarm and counts the clock interrupts until it is delivered; -1 if that is at a wrong time. */
static int ticks_until_delivery(uint32 val)
{
    int ticks = 0;

    alarms = 0;
    if (cbsignal(CB_ALARM, on_alarm, val) != 0)
        return -1;
    while (alarms == 0 && ticks < 6000) {
        tick();
        ticks++;
    }
    return ran_at == me->pralarmtime + (val == 0) && ran_in == currpid && alarms == 1 ? ticks : -1;
}

static void exactly_when_due(void)
{
    static const uint32 vals[] = {2, 3, 10, 999, 4999, 5000};
    uint32 i;

    hold_clock();
    CHECK(ticks_until_delivery(0) == 1); /* one later than it was due */
    CHECK(ticks_until_delivery(1) == 1);
    for (i = 0; i < sizeof vals / sizeof vals[0]; i++)
        CHECK(ticks_until_delivery(vals[i]) == (int)vals[i]);
    release_clock();
}

static void by_the_clock_itself(void)
{
    int i;

    for (i = 1; i <= 8; i++) {
        alarms = 0;
        CHECK(cbsignal(CB_ALARM, on_alarm, i) == 0);
        while (alarms == 0)
            ;
        CHECK(ran_at == me->pralarmtime && ran_in == currpid);
    }
}

/* The counter as it is after 49.7 days, and after half of that. */
static void counter_wraps(void)
{
    static const uint32 edges[] = {0xffffffff, 0x7fffffff};
    uint32 now, e, i;

    hold_clock();
    now = clkcountermsec;
    for (e = 0; e < 2; e++) {
        for (i = 0; i < 7; i++) { /* from due before the edge to due behind it */
            clkcountermsec = edges[e] - 4;
            CHECK(ticks_until_delivery(i + 2) == (int)i + 2);
        }
        clkcountermsec = edges[e] - 4999;
        CHECK(ticks_until_delivery(5000) == 5000);
        clkcountermsec = edges[e] - 3; /* falls due before the edge, is delivered behind it */
        alarms = 0;
        cbsignal(CB_ALARM, on_alarm, 1);
        clkcountermsec += 10;
        CHECK(alarms == 0);
        tick();
        CHECK(alarms == 1);
    }
    clkcountermsec = now;
    release_clock();
}

/*
 * Several processes of one priority take turns. A process that sees, in code of its own, a time at which its alarm is
 * due but its callback has not run took a clock interrupt that should have delivered it.
 */
#define COMPETITORS 5

static volatile int delivered[NPROC], in_wrong_process, seen_late, rounds;
static volatile uint32 due[NPROC];

static void on_competitors_alarm(void)
{
    pid32 pid = getpid();

    if (pid != currpid || clkcountermsec < due[pid] || delivered[pid] != 0)
        in_wrong_process++;
    delivered[pid]++;
}

static void compete(int seed)
{
    pid32 pid = getpid();
    int round;

    for (round = 0; round < 40; round++) {
        intmask mask = disable();
        uint32 seen;
        int ran;

        delivered[pid] = 0;
        due[pid] = clkcountermsec + (seed + round) % 9;
        cbsignal(CB_ALARM, on_competitors_alarm, due[pid] - clkcountermsec);
        seen = clkcountermsec;
        restore(mask);
        if (due[pid] == seen)
            due[pid]++; /* val 0: at the next clock interrupt */
        do {
            seen = clkcountermsec;
            ran = delivered[pid];
            if ((int32)(seen - due[pid]) >= 0 && !ran)
                seen_late++;
        } while (!ran);
        rounds++;
    }
}

static void right_process(void)
{
    pid32 pids[COMPETITORS];
    int i;

    for (i = 0; i < COMPETITORS; i++)
        pids[i] = create(compete, STACK, PRIORITY_BELOW, "compete", 1, i);
    for (i = 0; i < COMPETITORS; i++)
        resume(pids[i]);
    for (i = 0; i < COMPETITORS; i++)
        await_end(pids[i]);
    CHECK(rounds == COMPETITORS * 40);
    CHECK(in_wrong_process == 0);
    CHECK(seen_late == 0);
}

/*
 * One process is preempted by the clock with its alarm outstanding; the alarm falls due while another one runs. That
 * one takes the interrupts at which it is due, and must not run it; the first one must, before any code of its own.
 */
static volatile uint32 steps, steps_at_delivery;
static volatile int registered;

static void note_steps(void)
{
    on_alarm();
    steps_at_delivery = steps;
}

static void preempted_owner(void)
{
    cbsignal(CB_ALARM, note_steps, 20);
    registered = TRUE;
    for (;;)
        steps++;
}

static void due_while_another_runs(void)
{
    pid32 owner;
    uint32 steps_when_preempted;
    int run_by_another = 0;
    intmask mask;

    alarms = registered = 0;
    owner = start_below(preempted_owner);
    while (!registered)
        sleepms(1); /* wakes up by preempting the owner in its loop */
    mask = disable();
    while ((int32)(clkcountermsec - proctab[owner].pralarmtime) < 5) {
        tick();
        run_by_another += alarms;
    }
    CHECK(run_by_another == 0);
    CHECK(outstanding(owner, 1, 0));
    steps_when_preempted = steps;
    restore(mask);
    while (alarms == 0)
        sleepms(1);
    CHECK(ran_in == owner);
    CHECK(steps_at_delivery == steps_when_preempted);
    kill(owner);
    recvclr();
}

/* All processes that the table has room for, due at the same tick. */
static volatile int crowd_delivered[NPROC], crowd_wrong;
static uint32 crowd_due;

static void on_crowd_alarm(void)
{
    crowd_delivered[getpid()]++;
    if (clkcountermsec < crowd_due)
        crowd_wrong++;
}

static void crowd(void)
{
    intmask mask = disable();
    pid32 pid = getpid();

    cbsignal(CB_ALARM, on_crowd_alarm, crowd_due - clkcountermsec);
    restore(mask);
    if (pid % 3 == 0)
        sleepms(150);
    else
        while (crowd_delivered[pid] == 0)
            ;
    spin(3);
}

static void everyone_at_once(void)
{
    pid32 pids[NPROC];
    int count = 0, once = 0, i;

    crowd_due = clkcountermsec + 100;
    while ((pids[count] = create(crowd, 4096, PRIORITY_BELOW, "crowd", 0)) != SYSERR)
        resume(pids[count++]);
    CHECK(count == NPROC - 2);
    for (i = 0; i < count; i++)
        await_end(pids[i]);
    for (i = 0; i < count; i++)
        once += crowd_delivered[pids[i]] == 1;
    CHECK(once == count);
    CHECK(crowd_wrong == 0);
}

process main(void)
{
    exactly_when_due();
    by_the_clock_itself();
    counter_wraps();
    right_process();
    due_while_another_runs();
    everyone_at_once();
    rule_done("R06");
    return OK;
}
