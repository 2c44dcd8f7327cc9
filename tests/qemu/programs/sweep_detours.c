/* Detours, swept: the clock interrupts before every instruction at which it can. See sweep.h. */
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

static process sender(void)
{
    check_work();
    CHECK(send(message_pid, 77) == OK);
    CHECK(send(message_pid, 78) == SYSERR || messages > 0);
    check_work();
    return end_checked();
}

static void resume_sender(void)
{
    resume(create(sender, 8192, 40, "sender", 0));
}

/* An alarm, by the clock and on the return of sleepms(). */
static process alarm_process(void)
{
    alarm_pid = getpid();
    CHECK(cbsignal(CB_ALARM, on_alarm, 1) == 0);
    check_work();
    order_tick();
    CHECK(alarms == 1);
    CHECK(cbsignal(CB_ALARM, on_alarm, 2) == 0);
    CHECK(checked_sleepms(4) == OK);
    CHECK(alarms == 2);
    check_work();
    return end_checked();
}

static void alarm_verify(void)
{
    CHECK(alarms == 2 && ended == 1 && deepest == 1);
    forget();
}

/* A receiver asleep, and a sender. */
static process message_process(void)
{
    message_pid = getpid();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    resume_sender();
    CHECK(checked_sleepms(3) == OK);
    CHECK(messages == 1);
    check_work();
    return end_checked();
}

static void message_verify(void)
{
    /* 78 took the mailbox when the disturbance had let the callback fetch 77 first. */
    CHECK(messages == 1 && got == 77 && ended == 2 && deepest == 1);
    forget();
}

/* Both events for one process; due together on the return of sleepms() they come in this order. */
static process both_process(void)
{
    alarm_pid = message_pid = getpid();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(cbsignal(CB_ALARM, on_alarm, 2) == 0);
    resume_sender();
    CHECK(checked_sleepms(3) == OK);
    CHECK(alarms == 1 && messages == 1);
    CHECK(strcmp(order, "AM") == 0);
    check_work();
    return end_checked();
}

static void both_verify(void)
{
    CHECK(alarms == 1 && messages == 1 && got == 77 && ended == 2 && deepest <= 2);
    forget();
}

/* A callback that registers again, three times in all, due at once: one at a time, never within itself. */
static void on_alarm_again(void)
{
    enter_callback(alarm_pid, CB_ALARM);
    if (++alarms < 3)
        CHECK(cbsignal(CB_ALARM, on_alarm_again, 0) == 0);
    leave_callback();
}

static process again_process(void)
{
    int i;

    alarm_pid = getpid();
    CHECK(cbsignal(CB_ALARM, on_alarm_again, 0) == 0);
    for (i = 0; i < 3; i++) {
        check_work();
        order_tick();
    }
    CHECK(alarms == 3);
    check_work();
    return end_checked();
}

static void again_verify(void)
{
    CHECK(alarms == 3 && ended == 1 && deepest == 1);
    forget();
}

/* A vacation and a message on one return; a return of SYSERR and of sleepms(0) are returns, too. */
static process vacation_process(void)
{
    message_pid = getpid();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(dreamvac(on_vacation) == OK);
    resume_sender();
    CHECK(checked_sleepms(2) == OK);
    CHECK(strcmp(order, "MV") == 0);
    CHECK(dreamvac(on_vacation) == OK);
    CHECK(checked_sleepms(-1) == SYSERR);
    CHECK(dreamvac(on_vacation) == OK);
    CHECK(checked_sleepms(0) == OK);
    CHECK(checked_sleepms(0) == OK);
    CHECK(vacations == 3);
    return end_checked();
}

static void vacation_verify(void)
{
    CHECK(messages == 1 && vacations == 3 && got == 77 && ended == 2 && deepest == 1);
    forget();
}

/* Two processes of equal priority, each with an alarm: every tick switches, also within the callbacks. */
static volatile int turns[NPROC];

static void on_own_alarm(void)
{
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

/* A message that comes while the alarm callback sleeps, for which a vacation was claimed: two levels, then
 * the vacation. */
static void on_sleeping_alarm(void)
{
    enter_callback(alarm_pid, CB_ALARM);
    alarms++;
    CHECK(checked_sleepms(2) == OK);
    CHECK(messages == 1 && vacations == 0);
    leave_callback();
}

static process nested_process(void)
{
    alarm_pid = message_pid = getpid();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(cbsignal(CB_ALARM, on_sleeping_alarm, 0) == 0);
    order_tick(); /* the callback begins here, and sleeps */
    CHECK(strcmp(order, "AM") == 0);
    check_work();
    return end_checked();
}

static process nested_first(void)
{
    resume(create(nested_process, 8192, 50, "nested", 0));
    resume_sender();
    return OK;
}

static void nested_verify(void)
{
    CHECK(alarms == 1 && messages == 1 && got == 77 && ended == 2 && deepest == 2);
    forget();
}

static const struct scenario scenarios[] = {
    {"alarm", alarm_process, alarm_verify},
    {"message", message_process, message_verify},
    {"alarm and message", both_process, both_verify},
    {"registration in the callback", again_process, again_verify},
    {"vacation and message", vacation_process, vacation_verify},
    {"two processes in turn", turns_process, turns_verify},
    {"kill in the callback", kill_process, kill_verify},
    {"message in the callback", nested_first, nested_verify},
};

extern char sleepms_text[], sleepms_etext[], entry_text[], entry_etext[];

process main(void)
{
    uint32 tried = 0, i;

    sweep_begin();
    undisturbed = work();
    CHECK(work() == undisturbed);
    for (i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
        tried += sweep(&scenarios[i]);
    kprintf("boundaries: %u\n", tried);
    print_interrupted("entry code", (uint32)entry_text,
                      (uint32)entry_etext); /* clkdisp, cbfmanager, cbfreturn ... */
    print_interrupted("sleepms", (uint32)sleepms_text, (uint32)sleepms_etext);
#ifndef SWEEP_UNDISTURBED_ONLY
    /* Of cbfmanager.S, which comes first: cbfreturn up to its cli, and the cli after each of three callbacks.
     */
    CHECK(count_interrupted((uint32)entry_text, (uint32)clkdisp) == 2 + 3);
#endif
    CHECK(kcheck() == NULL);
    checks_done();
    return OK;
}
