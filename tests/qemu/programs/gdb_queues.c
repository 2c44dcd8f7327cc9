/* For tests/gdb: processes in every state, and then a place to stop. */
#include <xinu.h>

static sid32 gate, empty_gate;

static process sleeper(int32 msec)
{
    return sleepms(msec);
}

static process waiter(sid32 sem)
{
    return wait(sem);
}

static process receiver(int32 maxwait)
{
    return maxwait < 0 ? (process)receive() : (process)recvtime(maxwait);
}

static process typist(void)
{
    return kgetc();
}

static process idler(void)
{
    return OK;
}

static void on_alarm(void) {}
static void on_message(void) {}

static pid32 start(void *function, pri16 priority, const char *name, int32 argument)
{
    pid32 pid = create(function, 4096, priority, name, 1, argument);
    resume(pid);
    return pid;
}

/* Here a test stops. */
void look(void)
{
    __asm__ volatile("" : : : "memory");
}

process main(void)
{
    gate = semcreate(0);
    empty_gate = semcreate(3);
    /* Above us: each runs at once, until it waits. */
    start(sleeper, 30, "late", 900);
    start(sleeper, 30, "early", 300);
    start(sleeper, 30, "as early", 300);
    start(receiver, 30, "timed", 500);
    start(receiver, 30, "receiver", -1);
    start(waiter, 30, "first", gate);
    start(waiter, 40, "second", gate);
    start(typist, 30, "typist", 0);
    /* Below us: they stay ready. */
    start(idler, 10, "low a", 0);
    start(idler, 15, "mid a", 0);
    start(idler, 10, "low b", 0);
    start(idler, 15, "mid b", 0);
    start(idler, 10, "low c", 0);
    create(idler, 4096, 25, "suspended", 0);
    kill(start(idler, 5, "gone", 0));
    recvclr();

    cbsignal(CB_ALARM, on_alarm, 200);
    cbsignal(CB_MESSAGE, on_message, 0);
    look();
    return OK;
}
