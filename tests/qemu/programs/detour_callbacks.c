/* detour_callbacks.c - R22: processes with callbacks among each other */
#include "detour.h"

/* Two send to each other, from their callbacks. */

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

/* cbsignal() from many at once. */

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

process main(void)
{
    game(FALSE, FALSE);
    game(TRUE, FALSE);
    game(TRUE, TRUE);
    many_at_once();
    rule_done("R22");
    return OK;
}
