/*
 * sweep_target.c - the ring-3 processes of tests/qemu/programs/user_sweep.c
 *
 * argv[1] has three characters: the scenario; the process that takes orders, and the partner, as their ids plus 1. An
 * order is a message: its low byte says which, the rest is its argument. 'T': a tick, which follows at once. 'P': the
 * partner starts. 'W': an error, with its line number. 'V': the callbacks that ran.
 */
#include "sweep_work.h"

enum { ALARM = 1, MESSAGE = 2, VACATION = 3 };

static pid32 orders;
static uint32 undisturbed; /* the result of work() */
static volatile uint32 alarms, messages, vacations, depth;
static volatile uint32 order; /* of the callbacks: two bits each, the latest one lowest */
static volatile umsg32 got;

static void tell(char what, uint32 argument)
{
    send(orders, argument << 8 | (uint32)what);
}

#define EXPECT(condition) ((condition) ? (void)0 : tell('W', __LINE__))

static void expect_work(void)
{
    EXPECT(work() == undisturbed);
}

/* Checks the state at the start of a callback: C's flags, ring 3, no running callback of the same kind. */
static void enter_callback(uint32 kind, uint32 limit)
{
    uint32 flags, cs;

    asm volatile("pushfl; popl %0; movl %%cs, %1" : "=r"(flags), "=r"(cs));
    EXPECT((flags & 0x44600) == 0x200); /* IF is set; DF, NT, AC are not */
    EXPECT((cs & 3) == 3);
    EXPECT(++depth <= limit);
    order = order << 2 | kind;
}

static void leave_callback(void)
{
    expect_work();
    depth--;
}

static void on_alarm(void)
{
    enter_callback(ALARM, 2);
    EXPECT(proctab[getpid()].pralarmreg == 0);
    alarms++;
    leave_callback();
}

static void on_message(void)
{
    enter_callback(MESSAGE, 2);
    EXPECT(proctab[getpid()].prmsgreg == 0);
    messages++;
    got = recvclr();
    leave_callback();
}

static void on_vacation(void)
{
    enter_callback(VACATION, 1);
    vacations++;
    leave_callback();
}

static void on_alarm_again(void)
{
    enter_callback(ALARM, 1);
    if (++alarms < 2)
        EXPECT(cbsignal(CB_ALARM, on_alarm_again, 0) == 0);
    leave_callback();
}

static void on_fatal_alarm(void)
{
    enter_callback(ALARM, 1);
    tell('V', order);
    tell('P', 0);
    expect_work();
    sleepms(5);
    EXPECT(!"the killed process has come back");
}

static void plain(void)
{
    EXPECT(work_with_segments() == 0);
    tell('T', 0);
    expect_work();
}

static void alarm(void)
{
    EXPECT(cbsignal(CB_ALARM, on_alarm, 1) == 0);
    expect_work();
    tell('T', 0);
    EXPECT(alarms == 1);
    EXPECT(cbsignal(CB_ALARM, on_alarm, 2) == 0);
    EXPECT(sleepms(4) == OK);
    EXPECT(alarms == 2);
    expect_work();
}

static void message_asleep(void)
{
    EXPECT(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    tell('P', 0);
    EXPECT(sleepms(3) == OK);
    EXPECT(messages == 1 && got == 77);
}

/* The partner runs when a time slice ends, and sends to a ready process: the next tick delivers it. */
static void message_elsewhere(void)
{
    EXPECT(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    tell('P', 0);
    expect_work();
    tell('T', 0);
    expect_work();
    tell('T', 0);
    EXPECT(messages == 1 && got == 77);
}

static void both(void)
{
    EXPECT(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    EXPECT(cbsignal(CB_ALARM, on_alarm, 2) == 0);
    tell('P', 0);
    EXPECT(sleepms(3) == OK);
    EXPECT(alarms == 1 && messages == 1 && got == 77);
    expect_work();
}

static void again(void)
{
    EXPECT(cbsignal(CB_ALARM, on_alarm_again, 0) == 0);
    for (uint32 i = 0; i < 2; i++)
        tell('T', 0);
    EXPECT(alarms == 2);
}

static void vacation(void)
{
    EXPECT(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    EXPECT(dreamvac(on_vacation) == OK);
    tell('P', 0);
    EXPECT(sleepms(2) == OK);
    EXPECT(order == (MESSAGE << 2 | VACATION) && got == 77);
    EXPECT(dreamvac(on_vacation) == OK);
    EXPECT(sleepms(-1) == SYSERR);
    EXPECT(vacations == 2);
}

static void killed(void)
{
    EXPECT(cbsignal(CB_ALARM, on_fatal_alarm, 0) == 0);
    tell('T', 0);
    EXPECT(!"the callback of the killed process has returned");
}

process main(int argc, char *argv[])
{
    const char *which = argv[argc - 1];

    orders = which[1] - 1;
    if (*which == 's') { /* has no scenario of its own: sends to its partner */
        EXPECT(send(which[2] - 1, 77) == OK);
        return OK;
    }
    undisturbed = work();
    switch (*which) {
    case 'p':
        plain();
        break;
    case 'a':
        alarm();
        break;
    case 'm':
        message_asleep();
        break;
    case 'e':
        message_elsewhere();
        break;
    case 'b':
        both();
        break;
    case 'g':
        again();
        break;
    case 'v':
        vacation();
        break;
    case 'k':
        killed();
        break;
    default:
        EXPECT(!"there is such a scenario");
    }
    tell('V', order);
    return OK;
}
