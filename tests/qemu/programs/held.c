/*
 * Long work inside the kernel: no tick of the clock is lost, as the time stamp counter tells, no other process runs in
 * the midst of it, and no callback of the process.
 */
#include "check.h"

#define SLEEPERS 80 /* several times what is woken at once */
#define TICK 999847 /* nanoseconds, each one tick of the time stamp counter: 1193 periods of 1193182 Hz */
#define LARGE 0x2000000

static uint64 begun_at;
static uint32 begun_msec;

static void begin(void)
{
    sleepms(1);
    begun_at = getticks();
    begun_msec = clkcountermsec;
}

/* msec: how long it takes at least. */
static void check_clock(const char *what, uint32 msec)
{
    uint32 counted = clkcountermsec - begun_msec;
    uint32 passed = (uint32)(getticks() - begun_at) / TICK;

    kprintf("%s: %u msec counted, %u passed\n", what, counted, passed);
    CHECK(counted == passed && counted >= msec);
}

/* It would run at each tick. */
static volatile int beating;

static process heartbeat(void)
{
    while (sleepms(1) == OK)
        if (beating)
            kprintf("beat\n");
    return OK;
}

static volatile uint32 callbacks;

static void on_alarm(void)
{
    callbacks++;
    kprintf("alarm\n");
}

static uint32 recurse(uint32 depth)
{
    volatile uint32 words[8] = {depth};
    return depth == 0 ? *(volatile uint32 *)4 : recurse(depth - 1) + words[0];
}

static process faulty(void)
{
    cbsignal(CB_ALARM, on_alarm, 1);
    return recurse(700);
}

static void check_report(void)
{
    pid32 pid = create(faulty, 65536, INITPRIO + 1, "faulty", 0);
    begin();
    beating = TRUE;
    resume(pid);
    beating = FALSE;
    kprintf("end of the report\n");
    check_clock("report", 2);
    CHECK(callbacks == 0 && receive() == (umsg32)pid);
}

static uint32 show_deep(uint32 depth)
{
    volatile uint32 words[2] = {depth, 0};
    if (depth != 0)
        return show_deep(depth - 1) + words[1];
    begin();
    cbsignal(CB_ALARM, on_alarm, 1);
    beating = TRUE;
    stackshow(getpid());
    beating = FALSE;
    kprintf("end of the report\n");
    check_clock("stackshow", 2);
    return 0;
}

/* The callback says so by what it prints. */
static void check_stackshow(void)
{
    show_deep(100);
    sleepms(2);
    CHECK(callbacks == 1);
}

static void check_stack(void)
{
    begin();
    pid32 pid = create(faulty, LARGE, 1, "large", 0);
    CHECK(pid != SYSERR);
    check_clock("create", 0);
    begin();
    kill(pid);
    sleepms(2);
    CHECK(receive() == (umsg32)pid);
    check_clock("kill", 2);
    begin();
    char *stack = getstk(LARGE);
    CHECK(stack != (char *)SYSERR);
    check_clock("getstk", 0);
    begin();
    CHECK(freestk(stack, LARGE) == OK);
    check_clock("freestk", 0);
}

/* The urgent one is the last to go to sleep, and the first to be woken. */
static uint32 due;
static volatile uint32 woken, urgent_at;

static process sleeper(void)
{
    sleepms((int32)(due - clkcountermsec));
    if (getprio(getpid()) > INITPRIO)
        urgent_at = clkcountermsec;
    else
        woken++;
    return OK;
}

static uint32 sleeping(void)
{
    uint32 count = 0;
    for (pid32 pid = 1; pid < NPROC; pid++)
        count += proctab[pid].prstate == PR_SLEEP && strcmp(proctab[pid].prname, "sleeper") == 0;
    return count;
}

static void check_sleepers(void)
{
    due = clkcountermsec + 100;
    for (int i = 0; i < SLEEPERS; i++)
        resume(create(sleeper, 4096, INITPRIO - 1, "sleeper", 0));
    sleepms(20);
    resume(create(sleeper, 4096, INITPRIO + 1, "sleeper", 0));
    CHECK(sleeping() == SLEEPERS + 1);
    while ((int32)(clkcountermsec - due) < 0)
        ;
    CHECK(urgent_at == due && sleeping() >= SLEEPERS / 2);
    while ((int32)(clkcountermsec - due) < 30)
        ;
    CHECK(sleeping() == 0 && woken == 0);
    sleepms(1);
    CHECK(woken == SLEEPERS);
}

/* All of them are ready before the first one runs. */
static sid32 semaphore;
static volatile uint32 ended, waiting_then;

static process waiter(void)
{
    syscall result = wait(semaphore);
    if (ended++ == 0)
        for (pid32 pid = 1; pid < NPROC; pid++)
            waiting_then += proctab[pid].prstate == PR_WAIT;
    return result;
}

static void wait_many(int count)
{
    ended = waiting_then = 0;
    for (int i = 0; i < count; i++)
        resume(create(waiter, 4096, INITPRIO + 1, "waiter", 0));
}

static void check_semaphore(void)
{
    semaphore = semcreate(0);
    wait_many(SLEEPERS);
    CHECK(signaln(semaphore, SLEEPERS - 1) == OK);
    CHECK(ended == SLEEPERS - 1 && waiting_then == 1 && semcount(semaphore) == -1);
    CHECK(semreset(semaphore, 2) == OK && ended == SLEEPERS && semcount(semaphore) == 2);
    CHECK(semreset(semaphore, 0) == OK);
    wait_many(SLEEPERS);
    CHECK(semdelete(semaphore) == OK);
    CHECK(ended == SLEEPERS && waiting_then == 0);
}

process main(void)
{
    pid32 heart = create(heartbeat, 4096, 100, "heartbeat", 0);
    resume(heart);
    check_report();
    check_stackshow();
    check_stack();
    kill(heart);
    recvclr();
    check_sleepers();
    check_semaphore();
    recvclr();
    CHECK(kcheck() == NULL);
    checks_done();
    return OK;
}
