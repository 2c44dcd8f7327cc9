/* detour_callback.c - R22: what a callback may do */
#include "detour.h"

#include <stdlib.h>

static volatile int step;
static sid32 semaphore;

/* The code that is interrupted; it must resume unharmed, whatever the callback does. */
static int undisturbed_until(volatile int *flag)
{
    volatile uint32 sum = 0;
    uint32 expected = 0, i, rounds = 0;

    do {
        for (i = 0; i < 100; i++)
            sum += i;
        expected += 4950;
        rounds++;
    } while (!*flag);
    return sum == expected && rounds > 0;
}

/* ---- it blocks, in every way ---- */

static volatile int blocked_in, over;
static volatile umsg32 received;

static void block(void)
{
    intmask mask = disable();

    step++;
    restore(mask);
    switch (blocked_in) {
    case PR_WAIT:
        wait(semaphore);
        break;
    case PR_RECV:
        received = receive();
        break;
    case PR_RECTIM:
        received = recvtime(1000);
        break;
    case PR_SUSP:
        suspend(currpid);
        break;
    case PR_SLEEP:
        sleepms(20);
        break;
    }
    step++;
    over = TRUE;
}

static void interrupted_by_block(void)
{
    over = FALSE;
    cbsignal(CB_ALARM, block, 0);
    CHECK(undisturbed_until(&over));
    CHECK(step == 2 && outstanding(currpid, 0, 0));
    cbsignal(CB_ALARM, block, 5000); /* its kind is no longer running: */
    me->pralarmtime = clkcountermsec;
    blocked_in = 0;
    over = FALSE;
    CHECK(undisturbed_until(&over));
}

/* The same, on the return of a sleepms(). */
static void sleeping_before_block(void)
{
    over = FALSE;
    cbsignal(CB_ALARM, block, 0);
    CHECK(sleepms(3) == OK);
    CHECK(step == 2 && over);
}

static void blocks(int how, void *interrupted)
{
    pid32 pid;

    step = 0;
    blocked_in = how;
    pid = start_below(interrupted);
    sleepms(8);
    CHECK(step == 1);
    CHECK(proctab[pid].prstate == how);
    if (how == PR_WAIT)
        signal(semaphore);
    else if (how == PR_SUSP)
        resume(pid);
    else if (how != PR_SLEEP)
        send(pid, 55);
    await_end(pid);
    CHECK(step >= 2 && over);
    if (how == PR_RECV || how == PR_RECTIM)
        CHECK(received == 55);
}

/* One that blocks forever, and is ended there. */
static void blocks_for_ever(void)
{
    pid32 pid;

    step = 0;
    blocked_in = PR_WAIT;
    pid = start_below(interrupted_by_block);
    sleepms(5);
    CHECK(proctab[pid].prstate == PR_WAIT && semcount(semaphore) == -1);
    CHECK(kill(pid) == OK);
    CHECK(isbadpid(pid) && semcount(semaphore) == 0 && step == 1);
    recvclr();
}

/* ---- it is preempted, for long ---- */

static volatile int callback_ended;

static void long_callback(void)
{
    spin(30);
    callback_ended = TRUE;
}

static void interrupted_by_long(void)
{
    cbsignal(CB_ALARM, long_callback, 0);
    CHECK(undisturbed_until(&callback_ended));
}

static void preempted_callback(void)
{
    pid32 a = start_below(interrupted_by_long), b = start_below(interrupted_by_long);

    await_end(a);
    await_end(b);
    CHECK(callback_ended);
}

/* ---- it acts on others ---- */

static pid32 victim;
static volatile int acted;

static void spin_for_ever(void)
{
    for (;;)
        ;
}

static void act_on_others(void)
{
    char *block = getmem(100);
    pid32 child;

    CHECK(kill(victim) == OK && isbadpid(victim));
    CHECK(block != (char *)SYSERR && freemem(block, 100) == OK);
    child = create(spin_for_ever, STACK, INITPRIO - 1, "child", 0);
    CHECK(child != SYSERR && resume(child) == INITPRIO - 1);
    CHECK(suspend(child) == INITPRIO - 1 && kill(child) == OK);
    CHECK(signal(semaphore) == OK && wait(semaphore) == OK);
    CHECK(chprio(currpid, INITPRIO + 1) == INITPRIO && chprio(currpid, INITPRIO) == INITPRIO + 1);
    CHECK(yield() == OK && sleepms(1) == OK);
    kprintf("a callback prints\n");
    acted = TRUE;
}

static void acts(void)
{
    victim = start_below(spin_for_ever);
    cbsignal(CB_ALARM, act_on_others, 0);
    CHECK(undisturbed_until(&acted));
    recvclr();
}

/* ---- suspended during its callback ---- */

static void suspended_in_callback(void)
{
    pid32 pid;
    uint32 i;

    callback_ended = FALSE;
    pid = start_below(interrupted_by_long);
    sleepms(5);
    for (i = 0; i < 3; i++) {
        CHECK(proctab[pid].prstate == PR_READY && !callback_ended);
        suspend(pid);
        sleepms(2);
        resume(pid);
        sleepms(1);
    }
    await_end(pid);
    CHECK(callback_ended);
}

process main(void)
{
    static const int ways[] = {PR_WAIT, PR_RECV, PR_RECTIM, PR_SUSP, PR_SLEEP};
    uint32 i;

    semaphore = semcreate(0);
    for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        blocks(ways[i], interrupted_by_block);
        blocks(ways[i], sleeping_before_block);
    }
    blocks_for_ever();
    preempted_callback();
    suspended_in_callback();
    acts();
    rule_done("R22");
    return OK;
}
