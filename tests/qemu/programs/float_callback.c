/* float_callback.c - a callback has the x87 to itself, and the code that it interrupts does not notice */
#include "float_state.h"

static volatile int alarms, messages, wrong;

static process other(void)
{
    struct state mine;

    fill(&mine, 300);
    for (;;) {
        spin(1);
        wrong += !holds(&mine);
    }
    return OK;
}

static process sender(pid32 receiver)
{
    sleepms(7);
    send(receiver, 1);
    return OK;
}

/* Leaves the registers full: the next callback finds them clean all the same. */
static void on_message(void)
{
    struct state mine;

    CHECK(is_clean());
    fill(&mine, 500);
    spin(5);
    CHECK(holds(&mine));
    recvclr();
    messages++;
}

static void on_alarm(void)
{
    struct state mine;

    CHECK(is_clean());
    fill(&mine, 700);
    cbsignal(CB_MESSAGE, on_message, 0);
    for (int before = messages; messages == before;)
        wrong += !holds(&mine);
    spin(3);
    CHECK(holds(&mine));
    alarms++;
}

/* The last floating-point instruction is long past when it ends. */
static void on_late_alarm(void)
{
    struct state mine;

    CHECK(is_clean());
    fill(&mine, 900);
    spin(9);
    alarms++;
}

static void interrupted(void (*callback)(void))
{
    struct state mine;

    fill(&mine, 10 * alarms);
    cbsignal(CB_ALARM, callback, 3);
    for (int before = alarms; alarms == before;)
        wrong += !holds(&mine);
    CHECK(holds(&mine));
}

static void on_return_of_sleepms(void)
{
    struct state mine;

    fill(&mine, 50);
    cbsignal(CB_ALARM, on_late_alarm, 2);
    CHECK(sleepms(4) == OK);
    CHECK(holds(&mine));
}

/* A callback without floating point costs its process no number either. */
static void on_plain_alarm(void)
{
    spin(5);
    alarms++;
}

process main(void)
{
    interrupted(on_late_alarm); /* no switch closes the unit */
    pid32 beside = create(other, 4096, INITPRIO, "other", 0);

    resume(beside);
    for (int round = 0; round < 3; round++) {
        resume(create(sender, 4096, INITPRIO + 1, "sender", 1, currpid));
        interrupted(on_alarm);
        interrupted(on_late_alarm);
        interrupted(on_plain_alarm);
        on_return_of_sleepms();
    }
    CHECK(alarms == 13 && messages == 3);
    CHECK(wrong == 0);
    kill(beside);
    checks_done();
    return OK;
}
