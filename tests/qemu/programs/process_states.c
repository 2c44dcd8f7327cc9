/* The life of a process after create(): each call in each state, and ids that name no process. */
#include "check.h"

static volatile int steps;
static sid32 sem;

static process bump(void)
{
    steps++;
    return OK;
}

static process stay(void)
{
    while (suspend(getpid()) == 30)
        steps = 0;
    return OK;
}

static process sleeper(void)
{
    sleepms(1000);
    steps++;
    return OK;
}

static process waiter(void)
{
    wait(sem);
    steps++;
    return OK;
}

static process receiver(void)
{
    receive();
    steps++;
    return OK;
}

static process timed_receiver(void)
{
    recvtime(1000);
    steps++;
    return OK;
}

static process ends_itself(void)
{
    kill(getpid());
    steps = 1000;
    return OK;
}

static process exits(void)
{
    exit(7);
    steps = 1000;
    return OK;
}

/* A process above us, which runs until it blocks. */
static pid32 start(void *function)
{
    pid32 pid = create(function, 4096, 30, "subject", 0);
    resume(pid);
    return pid;
}

static void check_dead(pid32 pid)
{
    CHECK(proctab[pid].prstate == PR_FREE && prcount == 2);
    CHECK(proctab[getpid()].prhasmsg == 1 && receive() == (umsg32)pid);
    CHECK(kill(pid) == SYSERR && prcount == 2);
}

/* What is not suspended cannot be resumed; what is neither current nor ready cannot be suspended. */
static void check_blocked(void *function, uint16 state, int sleeps)
{
    steps = 0;
    pid32 pid = start(function);
    CHECK(proctab[pid].prstate == state && steps == 0);
    CHECK(resume(pid) == SYSERR && suspend(pid) == SYSERR && proctab[pid].prstate == state);
    CHECK(chprio(pid, 31) == 30 && getprio(pid) == 31 && proctab[pid].prstate == state);
    CHECK(unsleep(pid) == (sleeps ? OK : SYSERR));
    CHECK(unsleep(pid) == SYSERR);
    if (sleeps) { /* now in no queue: it never wakes by itself, and can be made ready */
        sleepms(1100);
        CHECK(steps == 0 && ready(pid) == OK && steps == 1);
        check_dead(pid);
        pid = start(function);
        CHECK(unsleep(pid) == OK);
        CHECK(kill(pid) == OK);
        check_dead(pid);
        pid = start(function);
    }
    CHECK(kill(pid) == OK);
    check_dead(pid);
}

static void check_suspended(void)
{
    pid32 pid = create(bump, 4096, 30, "subject", 0);
    steps = 0;
    CHECK(suspend(pid) == SYSERR && chprio(pid, 10) == 30 && proctab[pid].prstate == PR_SUSP);
    CHECK(resume(pid) == 10 && proctab[pid].prstate == PR_READY && steps == 0); /* below us: not yet */
    CHECK(resume(pid) == SYSERR && ready(pid) == SYSERR);
    CHECK(suspend(pid) == 10 && proctab[pid].prstate == PR_SUSP);
    sleepms(5);
    CHECK(steps == 0 && ready(pid) == OK && proctab[pid].prstate == PR_READY);
    CHECK(kill(pid) == OK); /* while ready */
    check_dead(pid);
    sleepms(5);
    CHECK(steps == 0);
    pid = create(bump, 4096, 30, "subject", 0);
    CHECK(kill(pid) == OK); /* while suspended */
    check_dead(pid);
    pid = start(stay);
    CHECK(proctab[pid].prstate == PR_SUSP && resume(pid) == 30 && proctab[pid].prstate == PR_SUSP);
    CHECK(kill(pid) == OK);
    check_dead(pid);
}

static void check_ends(void)
{
    steps = 0;
    pid32 pid = start(bump);
    CHECK(steps == 1);
    check_dead(pid);
    pid = start(ends_itself);
    CHECK(steps == 1);
    check_dead(pid);
    pid = start(exits);
    CHECK(steps == 1);
    check_dead(pid);
    send(getpid(), 4711); /* our mailbox is full: the notice of the end is lost, not the message */
    pid = start(bump);
    CHECK(proctab[pid].prstate == PR_FREE && receive() == 4711 && recvclr() == OK);
}

static volatile pid32 orphan;

static process parent(void)
{
    orphan = create(bump, 4096, 1, "orphan", 0);
    return OK;
}

/* The notice of an orphan's end does not go to a later process with the id of its parent. */
static void check_orphan(void)
{
    pid32 old = start(parent), again;
    recvclr();
    while ((again = create(bump, 4096, 1, "again", 0)) != old) {
        kill(again);
        recvclr();
    }
    CHECK(kill(orphan) == OK && proctab[again].prhasmsg == 0 && recvclr() == OK);
    CHECK(kill(again) == OK && receive() == (umsg32)again);
}

static void check_nobody(pid32 pid)
{
    CHECK(resume(pid) == SYSERR && suspend(pid) == SYSERR && kill(pid) == SYSERR);
    CHECK(getprio(pid) == SYSERR && chprio(pid, 5) == SYSERR && send(pid, 1) == SYSERR);
    CHECK(ready(pid) == SYSERR && unsleep(pid) == SYSERR && prcount == 2);
}

process main(void)
{
    sem = semcreate(0);
    check_suspended();
    check_blocked(sleeper, PR_SLEEP, TRUE);
    check_blocked(timed_receiver, PR_RECTIM, TRUE);
    check_blocked(receiver, PR_RECV, FALSE);
    check_blocked(waiter, PR_WAIT, FALSE);
    CHECK(semcount(sem) == 0);
    check_ends();
    check_orphan();

    CHECK(proctab[getpid()].prstate == PR_CURR && resume(getpid()) == SYSERR && ready(getpid()) == SYSERR);
    CHECK(getprio(getpid()) == INITPRIO && chprio(getpid(), -1) == SYSERR);
    CHECK(chprio(getpid(), 32767) == INITPRIO && chprio(getpid(), 0) == 32767 && chprio(getpid(), INITPRIO) == 0);
    CHECK(getprio(NULLPROC) == 0 && kill(NULLPROC) == SYSERR && suspend(NULLPROC) == SYSERR);
    CHECK(resume(NULLPROC) == SYSERR && chprio(NULLPROC, 5) == SYSERR && ready(NULLPROC) == SYSERR);
    pid32 free = start(bump);
    recvclr();
    check_nobody(free);
    check_nobody(-1);
    check_nobody(NPROC);
    check_nobody(0x7fffffff);
    check_nobody((pid32)0x80000000);
    checks_done();
    return OK;
}
