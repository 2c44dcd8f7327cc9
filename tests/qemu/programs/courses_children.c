/* The ends of children, as programs of other course terms wait for them. */
#pragma GCC diagnostic ignored "-Wimplicit-function-declaration" /* as course programs use them */
#include "check.h"

static volatile uint32 calls;
static pid32 last;

process child(int32 msec)
{
    sleepms(msec);
    return OK;
}

static pid32 start_child(pri16 priority, int32 msec)
{
    pid32 pid = create(child, 1024, priority, "child", 1, msec);
    resume(pid);
    return pid;
}

process grandparent(void)
{
    start_child(30, 1);
    return OK; /* before its child */
}

static void check_any(void)
{
    pid32 slow, fast, at_once;

    CHECK(childwait() == SYSERR && waitchld() == SYSERR);
    slow = start_child(20, 20);
    fast = start_child(20, 10);
    at_once = create(child, 1024, 20, "killed", 1, 0);
    kill(at_once); /* ended before anybody waits */
    CHECK(childwait() == at_once);
    CHECK(childwait() == fast && clktimefine > 0);
    CHECK(waitchld() == slow && waitchld() == SYSERR);
    CHECK(kcheck() == NULL);
}

static void check_one(void)
{
    pid32 first = start_child(20, 10), second = start_child(20, 20), other;

    CHECK(xchildwait(1, first) == SYSERR); /* it runs */
    CHECK(xchildwait(0, second) == second && xchildwait(0, second) == SYSERR);
    CHECK(xchildwait(1, first) == first && xchildwait(1, first) == SYSERR);
    CHECK(xchildwait(0, 0) == SYSERR && xchildwait(0, -1) == SYSERR && xchildwait(0, NPROC) == SYSERR);
    CHECK(xchildwait(0, getpid()) == SYSERR);
    other = create(grandparent, 1024, 20, "parent", 0);
    resume(other);
    CHECK(xchildwait(0, other) == other && childwait() == SYSERR); /* a grandchild is not a child */
}

int on_child(void)
{
    calls++;
    last = waitchld();
    return OK;
}

static void check_handler(void)
{
    pid32 pid;

    CHECK(sigcbreg(XSIGCHL, NULL, 0) == SYSERR && sigcbreg(XSIGCHL, &on_child, 0) == OK);
    CHECK(sigcbreg(XSIGCHL, &on_child, 0) == SYSERR && cbchildregister(&on_child) == SYSERR);
    pid = start_child(20, 5);
    sleepms(10);
    CHECK(calls == 1 && last == pid);
    start_child(20, 5);
    start_child(20, 5);
    pid = start_child(20, 5);
    sleepms(10); /* all end while it sleeps: the handler runs for each */
    CHECK(calls == 4 && last == pid);
    CHECK(sigcbunreg(XSIGCHL) == OK && sigcbunreg(XSIGCHL) == SYSERR);
    pid = start_child(20, 1);
    sleepms(5);
    CHECK(calls == 4 && xchildwait(0, pid) == pid);
    CHECK(regcallbacksig(&on_child, XINUSIGCHLD, 0) == OK && cbchildregister(&on_child) == SYSERR);
    pid = start_child(20, 1);
    sleepms(5);
    CHECK(calls == 5 && last == pid);
    CHECK(sigcbunreg(XSIGCHL) == OK);
}

static volatile uint32 ended;

process parent_of_many(void)
{
    uint32 i;
    for (i = 0; i < 5; i++)
        start_child(30, 1);
    sleepms(5);
    ended++;
    return OK; /* without waiting for them */
}

/* Entries of the process table are used again, by the families of others: each gets its own children. */
static void check_reuse(void)
{
    uint32 i, right = 0;
    pid32 pid;

    for (i = 0; i < 3 * NPROC; i++) {
        if (i % 7 == 0)
            start_child(30, 0); /* is not waited for */
        if (i % 50 == 0) {
            pid = create(parent_of_many, 1024, 20, "parent", 0);
            resume(pid);
            right += xchildwait(0, pid) != pid ? 100 : 0;
        }
        pid = start_child(30, 0);
        right += xchildwait(0, pid) == pid ? 1 : 0;
    }
    CHECK(right == 3 * NPROC && ended == 6);
    while (childwait() != SYSERR)
        i++;
    CHECK(i > 3 * NPROC && kcheck() == NULL);
}

process killed_while_waiting(void)
{
    start_child(20, 1000);
    childwait();
    calls = 1000;
    return OK;
}

static void check_killed(void)
{
    pid32 pid = create(killed_while_waiting, 1024, 30, "waits", 0);

    resume(pid);
    CHECK(proctab[pid].prstate == PR_CHILD && kcheck() == NULL);
    CHECK(kill(pid) == OK && kcheck() == NULL && childwait() == pid);
    sleepms(1100);
    CHECK(calls < 1000 && childwait() == SYSERR && kcheck() == NULL);
}

process main(void)
{
    check_any();
    check_one();
    check_handler();
    check_reuse();
    check_killed();
    checks_done();
    return OK;
}
