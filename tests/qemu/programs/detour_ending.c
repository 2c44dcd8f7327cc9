/* detour_ending.c - R22: a callback that ends its process, in every way */
#include "detour.h"

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

process main(void)
{
    static const callback endings[] = {call_exit,      call_kill, call_userret, read_page_zero,
                                       divide_by_zero, jump_wild, recurse};
    uint32 i;

    for (i = 0; i < sizeof endings / sizeof endings[0]; i++)
        ends(endings[i]);
    rule_done("R22");
    return OK;
}
