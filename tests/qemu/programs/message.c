/* Messages: a mailbox of one word, and the processes that wait for it. */
#include "check.h"

static volatile umsg32 got;
static volatile uint32 waited;

static process receiver(void)
{
    got = receive();
    return OK;
}

static process timed_receiver(int32 msec)
{
    uint32 begin = clkcountermsec;
    got = recvtime(msec);
    waited = clkcountermsec - begin;
    return OK;
}

static pid32 start(void *function, int32 argument)
{
    pid32 pid = create(function, 4096, 30, "receiver", 1, argument);
    got = 0xbad;
    resume(pid);
    return pid;
}

static void check_mailbox(void)
{
    pid32 me = getpid();
    CHECK(recvclr() == OK && send(me, 11) == OK && proctab[me].prhasmsg == 1 && proctab[me].prmsg == 11);
    CHECK(send(me, 12) == SYSERR && proctab[me].prmsg == 11 && receive() == 11 && proctab[me].prhasmsg == 0);
    CHECK(send(me, 0xffffffff) == OK && recvclr() == 0xffffffff && recvclr() == OK);
    CHECK(send(me, 0) == OK && recvtime(5) == 0);
    pid32 pid = create(receiver, 4096, 30, "receiver", 0); /* suspended: the message waits for it */
    CHECK(send(pid, 21) == OK && proctab[pid].prstate == PR_SUSP && send(pid, 22) == SYSERR);
    resume(pid);
    CHECK(got == 21 && receive() == (umsg32)pid);
}

static void check_receive(void)
{
    pid32 pid = start(receiver, 0);
    CHECK(proctab[pid].prstate == PR_RECV && got == 0xbad);
    sleepms(20);
    CHECK(proctab[pid].prstate == PR_RECV);
    CHECK(send(pid, 31) == OK && got == 31 && receive() == (umsg32)pid); /* it is above us: it ran at once */
}

static void check_recvtime(void)
{
    pid32 pid = start(timed_receiver, 10);
    CHECK(proctab[pid].prstate == PR_RECTIM);
    sleepms(4);
    CHECK(send(pid, 41) == OK && got == 41 && waited == 4 && receive() == (umsg32)pid);
    sleepms(20); /* its time would come now */
    CHECK(recvclr() == OK);

    pid = start(timed_receiver, 10);
    sleepms(20);
    CHECK(got == (umsg32)TIMEOUT && waited == 10 && receive() == (umsg32)pid && send(pid, 42) == SYSERR);
    uint32 begin = clkcountermsec;
    CHECK(recvtime(7) == (umsg32)TIMEOUT && clkcountermsec - begin == 7);
    CHECK(recvtime(0) == (umsg32)TIMEOUT && clkcountermsec - begin <= 8);
    CHECK(recvtime(-1) == (umsg32)SYSERR && recvtime(0x80000000) == (umsg32)SYSERR);
    send(getpid(), 43);
    CHECK(recvtime(-1) == (umsg32)SYSERR && receive() == 43);
}

process main(void)
{
    check_mailbox();
    check_receive();
    check_recvtime();
    checks_done();
    return OK;
}
