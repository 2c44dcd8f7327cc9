/* A send that waits for room, and queues of messages, as programs of other course terms use them. */
#pragma GCC diagnostic ignored "-Wimplicit-function-declaration" /* as course programs use them */
#include "check.h"

static char order[32];
static uint32 count;

static bool8 order_is(const char *expected)
{
    bool8 equal = count == strlen(expected) && memcmp(order, expected, count) == 0;
    count = 0;
    return equal;
}

static void note(char c)
{
    order[count++] = c;
}

/* Sends its letter, and notes the small letter when that is done, or `x` after an error, `t` after a timeout. */
process sender(pid32 pid, char c, int32 maxwait)
{
    syscall result = maxwait < 0 ? sendblk(pid, c) : sendbt(pid, c, maxwait);
    note(result == OK ? c - 'A' + 'a' : result == TIMEOUT ? 't' : result == SYSERR ? 'x' : '?');
    return OK;
}

static pid32 start_sender(pri16 priority, char c, int32 maxwait)
{
    pid32 pid = create(sender, 1024, priority, "sender", 3, getpid(), c, maxwait);
    proctab[pid].prparent = NULLPROC; /* its end is no message */
    resume(pid);
    return pid;
}

static void check_order(void)
{
    pid32 pid;

    CHECK(sendb(-1, 1) == SYSERR && sendblk(NPROC, 1) == SYSERR && bsend(77, 1) == SYSERR);
    CHECK(sendb(getpid(), 1) == OK && sendb(getpid(), 2) == SYSERR && receiveb() == 1);
    pid = start_sender(30, 'A', -1); /* there is room */
    CHECK(order_is("a") && proctab[currpid].prhasmsg == 1);
    pid = start_sender(30, 'B', -1);
    CHECK(order_is("") && proctab[pid].prstate == PR_SEND && kcheck() == NULL);
    start_sender(40, 'C', -1);
    start_sender(25, 'D', -1);
    CHECK(receive() == 'A' && order_is("b")); /* the first goes on, not the most urgent */
    CHECK(recvclr() == 'B' && order_is("c"));
    CHECK(recvtime(10) == 'C' && order_is("d"));
    CHECK(receive() == 'D' && recvclr() == OK && recvtime(2) == TIMEOUT && recvtime(-1) == SYSERR);
    CHECK(kcheck() == NULL);
}

static void check_plain_send(void)
{
    start_sender(30, 'A', -1);
    start_sender(30, 'B', -1);
    CHECK(send(getpid(), 5) == SYSERR); /* as ever */
    CHECK(receive() == 'A' && send(getpid(), 5) == SYSERR && receive() == 'B' && send(getpid(), 5) == OK);
    CHECK(receive() == 5 && order_is("ab"));
}

/* The receiver waits already. */
static void check_waiting_receiver(void)
{
    start_sender(10, 'A', -1);
    CHECK(receive() == 'A' && recvtime(1) == TIMEOUT && order_is("a"));
    start_sender(10, 'B', 5);
    CHECK(recvtime(100) == 'B');
    sleepms(1);
    CHECK(order_is("b"));
}

static void check_timeout(void)
{
    uint32 begin;
    pid32 pid;

    CHECK(sendb(getpid(), 1, -1) == SYSERR && sendbt(getpid(), 1, -1) == SYSERR && sendb(getpid(), 1, 10) == OK);
    begin = clkcountermsec;
    pid = start_sender(30, 'A', 10);
    start_sender(30, 'B', 0); /* without a limit */
    start_sender(30, 'C', 100);
    CHECK(proctab[pid].prstate == PR_SEND && kcheck() == NULL);
    sleepms(15);
    CHECK(order_is("t") && clkcountermsec - begin >= 10);
    CHECK(receive() == 1 && order_is("b") && receive() == 'B' && order_is("c"));
    sleepms(20);
    CHECK(order_is("") && receive() == 'C' && recvclr() == OK && kcheck() == NULL);
}

process never_receives(void)
{
    sleepms(1000);
    return OK;
}

static pid32 start_receiver(void)
{
    pid32 pid = create(never_receives, 1024, 10, "receiver", 0);
    proctab[pid].prparent = NULLPROC;
    resume(pid);
    send(pid, 1);
    return pid;
}

static pid32 start_sender_to(pid32 receiver, char c)
{
    pid32 pid = create(sender, 1024, 30, "sender", 3, receiver, c, -1);
    proctab[pid].prparent = NULLPROC;
    resume(pid);
    return pid;
}

/* Processes end while they wait, or while others wait for them. */
static void check_ends(void)
{
    pid32 first, second, third, receiver = start_receiver();

    first = start_sender_to(receiver, 'A');
    second = start_sender_to(receiver, 'B');
    third = start_sender_to(receiver, 'C');
    CHECK(kill(second) == OK && kcheck() == NULL);
    CHECK(kill(receiver) == OK && order_is("xx") && isbadpid(first) && isbadpid(third));
    CHECK(sendb(receiver, 1) == SYSERR && kcheck() == NULL);

    /* the one that is to make the next one ready ends before it can */
    receiver = start_receiver();
    first = start_sender_to(receiver, 'A');
    second = start_sender_to(receiver, 'B');
    resched_cntl(DEFER_START);
    kill(receiver);
    CHECK(proctab[first].prstate == PR_READY && proctab[second].prstate == PR_SEND);
    kill(first);
    CHECK(proctab[second].prstate == PR_READY && order_is(""));
    resched_cntl(DEFER_STOP);
    CHECK(order_is("x") && isbadpid(second) && kcheck() == NULL);
}

process receives_all(uint32 expected)
{
    uint32 i, sum = 0;
    for (i = 0; i < expected; i++)
        sum += receive() - 'A' + 1;
    note(sum == 6 ? '6' : '!');
    return OK;
}

/* A new process has the entry of a receiver for which some still wait. */
static void check_reuse(void)
{
    pid32 pid, old = start_receiver();
    uint32 i;

    for (i = 0; i < 4; i++)
        start_sender_to(old, 'X');
    resched_cntl(DEFER_START); /* those do not run until there is a new process */
    kill(old);
    for (i = 0; i < NPROC && (pid = create(receives_all, 1024, 20, "all", 1, 3)) != old; i++)
        kill(pid);
    CHECK(pid == old);
    proctab[pid].prparent = NULLPROC;
    send(pid, 'A');
    start_sender_to(pid, 'B');
    start_sender_to(pid, 'C');
    resched_cntl(DEFER_STOP);
    resume(pid);
    sleepms(2);
    CHECK(isbadpid(pid));
    for (i = 0; i < count && order[i] == 'x'; i++)
        ;
    CHECK(i == 4 && count == 7 && kcheck() == NULL);
    count = 0;
}

static volatile uint32 calls, sum;

int on_message(void)
{
    sum += receive();
    calls++;
    return OK;
}

/* A handler for messages gets those of all that wait. */
static void check_handler(void)
{
    char c;

    recvclr(); /* the end of a child */
    CHECK(registercb(&on_message) == OK);
    for (c = 'A'; c < 'H'; c++)
        start_sender(30, c, -1);
    for (c = 0; c < 30; c++)
        sleepms(1);
    CHECK(calls == 7 && sum == 7 * 'D' && order_is("abcdefg"));
    CHECK(cbunregister() == OK);
}

static umsg32 got[MSG_QUEUE_SIZE + 1];

process queue_receiver(void)
{
    note((char)receiveMsg());
    CHECK(receiveMsgs(got, 3) == OK && got[0] == 'b' && got[1] == 'c' && got[2] == 'd');
    note('3');
    CHECK(receiveMsgs(got, MSG_QUEUE_SIZE + 1) == SYSERR && receiveMsgs(NULL, 1) == SYSERR &&
          receiveMsgs(got, 0) == OK);
    CHECK(receive() == 99); /* the mailbox is another thing */
    note('m');
    return OK;
}

static void check_queues(void)
{
    umsg32 many[20], i;
    pid32 pid = create(queue_receiver, 1024, 30, "receiver", 0), two[2];

    for (i = 0; i < 20; i++)
        many[i] = i;
    CHECK(sendMsg(-1, 1) == SYSERR && sendMsgs(NPROC, many, 1) == SYSERR);
    recvclr();
    resume(pid);
    CHECK(sendMsg(pid, 'a') == OK && order_is("a"));
    send(pid, 99); /* makes it ready: it waits on */
    CHECK(sendMsg(pid, 'b') == OK && sendMsg(pid, 'c') == OK && order_is("") && sendMsg(pid, 'd') == OK);
    CHECK(order_is("3m") && isbadpid(pid) && receive() == (umsg32)pid);
    two[0] = getpid();
    two[1] = 77;
    CHECK(sendMsgs(getpid(), many, 20) == MSG_QUEUE_SIZE && sendMsg(getpid(), 1) == SYSERR);
    CHECK(receiveMsg() == 0 && sendnMsg(2, two, 50) == 1);
    CHECK(receiveMsgs(many, MSG_QUEUE_SIZE) == OK && many[0] == 1 && many[MSG_QUEUE_SIZE - 1] == 50);
    CHECK(kcheck() == NULL);
}

/* A call without a declaration, as what a process runs. */
static void check_process(void)
{
    pid32 pid = create(sendblk, 4096, getprio(getpid()) + 1, "sender", 2, getpid(), 77);

    CHECK(resume(pid) > 0 && receive() == 77);
    recvclr();
    pid = create((void *)bsend, 4096, getprio(getpid()) + 1, "sender", 2, getpid(), 78);
    CHECK(resume(pid) > 0 && receive() == 78);
    recvclr();
}

process main(void)
{
    check_process();
    check_order();
    check_plain_send();
    check_waiting_receiver();
    check_timeout();
    check_ends();
    check_reuse();
    check_handler();
    check_queues();
    checks_done();
    return OK;
}
