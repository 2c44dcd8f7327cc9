/* detour_callback.c - R22: what a callback may do; and processes with callbacks among each other */
#include "detour.h"

#include <stdlib.h>

static volatile int step;
static sid32 semaphore;

/* The code that is interrupted; it must go on unharmed, whatever the callback does. */
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
    cbsignal(CB_ALARM, block, 5000); /* its kind is not running any more: */
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

/* One that blocks for ever, and is ended there. */
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

/* ---- it ends the process ---- */

static void call_exit(void)
{
    exit();
}
static void call_kill(void)
{
    kill(getpid());
}
static void call_userret(void)
{
    userret();
}
static void read_page_zero(void)
{
    *(volatile int *)0;
}
static void divide_by_zero(void)
{
    asm volatile("divl %0" : : "r"(0) : "eax", "edx");
}
static void jump_wild(void)
{
    ((callback)0xe0000000)();
}

static int run_out_of_stack(int depth)
{
    return depth == 1000000 ? 0 : 1 + run_out_of_stack(depth + 1);
}
static void recurse(void)
{
    run_out_of_stack(0);
}

static callback ending;
static volatile int went_on;

static void interrupted_by_ending(void)
{
    cbsignal(CB_ALARM, ending, 0);
    for (;;)
        ;
    went_on = TRUE;
}

static void sleeping_before_ending(void)
{
    dreamvac(ending);
    cbsignal(CB_MESSAGE, ending, 0);
    send(currpid, 1);
    sleepms(1);
    went_on = TRUE;
}

static void ends(callback how)
{
    int processes = prcount;
    pid32 pid;

    ending = how;
    pid = start_below(interrupted_by_ending);
    sleepms(4);
    CHECK(isbadpid(pid));
    CHECK(recvclr() == (umsg32)pid); /* its parent hears of it */
    pid = start(sleeping_before_ending);
    sleepms(4);
    CHECK(isbadpid(pid));
    CHECK(recvclr() == (umsg32)pid);
    CHECK(!went_on && prcount == processes);
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

/* ---- two send to each other, from their callbacks ---- */

#define ROUNDS 50

static pid32 partner[NPROC];
static volatile uint32 last_ball[NPROC];
static volatile int game_errors;

/* The first callback may come before the caller of cbsignal() does anything else. */
static void return_ball(void)
{
    pid32 pid = getpid();
    umsg32 ball = recvclr();

    if (ball < last_ball[pid] + 1)
        game_errors++;
    last_ball[pid] = ball;
    if (cbsignal(CB_MESSAGE, return_ball, 0) != 0)
        game_errors++;
    if (ball <= ROUNDS && send(partner[pid], ball + 1) != OK)
        game_errors++;
}

static void play(int sleeps)
{
    pid32 pid = getpid();

    cbsignal(CB_MESSAGE, return_ball, 0);
    while (last_ball[pid] < ROUNDS)
        if (sleeps && sleepms(1) != OK)
            game_errors++;
}

static void game(int first_sleeps, int second_sleeps)
{
    pid32 a = create(play, STACK, PRIORITY_BELOW, "first", 1, first_sleeps);
    pid32 b = create(play, STACK, PRIORITY_BELOW, "second", 1, second_sleeps);

    partner[a] = b;
    partner[b] = a;
    last_ball[a] = last_ball[b] = 0;
    resume(a);
    resume(b);
    sleepms(4);
    CHECK(send(a, 1) == OK);
    await_end(a);
    await_end(b);
    CHECK(last_ball[a] + last_ball[b] == 2 * ROUNDS + 1);
    CHECK(game_errors == 0);
}

/* ---- cbsignal() from many at once ---- */

static volatile int counted[NPROC], finished;

static void count_one(void)
{
    counted[getpid()]++;
}

static void many_times(int seed)
{
    pid32 pid = getpid();
    int registered = 0;

    while (registered < 30) {
        if (cbsignal(CB_ALARM, count_one, (seed + registered) % 4) == 0)
            registered++;
        if (registered % 5 == 0)
            sleepms(1);
    }
    while (counted[pid] < registered)
        ;
    spin(3);
    finished += counted[pid] == registered && outstanding(pid, 0, 0);
}

static void many_at_once(void)
{
    pid32 pids[10];
    int i;

    for (i = 0; i < 10; i++)
        resume(pids[i] = create(many_times, STACK, PRIORITY_BELOW, "many", 1, i));
    for (i = 0; i < 10; i++)
        await_end(pids[i]);
    CHECK(finished == 10);
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
    static const callback endings[] = {call_exit,      call_kill, call_userret, read_page_zero,
                                       divide_by_zero, jump_wild, recurse};
    uint32 i;

    semaphore = semcreate(0);
    for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        blocks(ways[i], interrupted_by_block);
        blocks(ways[i], sleeping_before_block);
    }
    blocks_for_ever();
    preempted_callback();
    suspended_in_callback();
    for (i = 0; i < sizeof endings / sizeof endings[0]; i++)
        ends(endings[i]);
    acts();
    game(FALSE, FALSE);
    game(TRUE, FALSE);
    game(TRUE, TRUE);
    many_at_once();
    rule_done("R22");
    return OK;
}
