/* For tests/gdb: code of every kind to stop in, and detours of every kind. */
#include <xinu.h>

static volatile int alarms, messages;

static void on_alarm(void)
{
    alarms++;
}

static void on_message(void)
{
    messages++;
    recvclr();
}

static process receiver(void)
{
    cbsignal(CB_MESSAGE, on_message, 0);
    sleepms(20);
    return OK;
}

/* Here a test stops: a message has arrived at the receiver, which sleeps. */
void planted(void)
{
    __asm__ volatile("" : : : "memory");
}

/* The stack of a ring-3 process, seen from outside. */
void ring3_sleeps(void)
{
    __asm__ volatile("" : : : "memory");
}

static void spin(void)
{
    int seen = alarms;

    while (alarms == seen)
        ;
}

process main(void)
{
    pid32 pid = create(receiver, 4096, INITPRIO + 1, "receiver", 0);

    resume(pid);
    send(pid, 1);
    planted();
    cbsignal(CB_ALARM, on_alarm, 3);
    spin();
    sleepms(50);
    kprintf("%d alarms, %d messages\n", alarms, messages);
    resume(upcreate("explained", INITPRIO + 1, 1, "explained"));
    ring3_sleeps();
    sleepms(100);
    return OK;
}
