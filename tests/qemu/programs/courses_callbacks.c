/* Handlers for events, as programs of other course terms register them: without a header, the calls undeclared. */
#pragma GCC diagnostic ignored "-Wimplicit-function-declaration" /* as course programs use them */
#include "check.h"

static volatile uint32 calls, sum, other_calls;
umsg32 recvbuf;

int on_recv(void)
{
    umsg32 msg = receive();
    calls++;
    sum += msg;
    return OK;
}

int on_recv_other(void)
{
    receive();
    other_calls++;
    return OK;
}

int on_alarm(void)
{
    calls++;
    sum = clktimefine;
    return OK;
}

int ignores_message(void)
{
    calls++;
    return OK;
}

int on_buffer(void)
{
    calls++;
    sum += recvbuf;
    return OK;
}

static void reset(void)
{
    calls = sum = other_calls = 0;
}

static void spin(uint32 msec)
{
    uint32 begin;
    for (begin = clktimemilli; clktimemilli - begin < msec;)
        ;
}

/* Sleeps, and is back often: handlers run when sleepms() returns. */
static void nap(uint32 msec)
{
    uint32 begin;
    for (begin = clktimemilli; clktimemilli - begin < msec;)
        sleepms(2);
}

/* Sends count messages first, first + 1, ... to pid, pause msec apart. Its end sends main a message, if there is
 * room. */
process sender(pid32 pid, umsg32 first, uint32 count, int32 pause)
{
    uint32 i;
    for (i = 0; i < count; i++) {
        if (send(pid, first + i) != OK)
            other_calls += 100;
        sleepms(pause);
    }
    return OK;
}

static void start_sender(umsg32 first, uint32 count)
{
    resume(create(sender, 1024, 25, "sender", 4, getpid(), first, count, 5));
}

/* A handler stays registered; another one takes its place. */
static void check_messages(void)
{
    CHECK(registercb(NULL) == SYSERR && registercb((void *)&calls) == SYSERR);
    CHECK(registercb(&on_recv) == OK && proctab[currpid].prmsgreg == 1);
    start_sender(10, 3);
    nap(30); /* the end of the sender is a message too */
    CHECK(calls == 4 && sum >= 33 && other_calls == 0);
    reset();
    start_sender(1, 2);
    spin(30);
    CHECK(calls == 3 && other_calls == 0);
    reset();
    CHECK(registercbsig(MYSIGRECV, &on_recv_other, 0) == OK && registercbsig(99, &on_recv, 0) == SYSERR);
    start_sender(1, 2);
    nap(30);
    CHECK(calls == 0 && other_calls == 3);
    CHECK(kcheck() == NULL);
}

/* As in Xinu, further messages do not arrive while the first has not been received. */
static void check_ignored(void)
{
    reset();
    CHECK(regcallback(&ignores_message) == OK);
    CHECK(send(getpid(), 7) == OK);
    spin(10);
    CHECK(calls == 1 && proctab[currpid].prhasmsg == 1 && send(getpid(), 8) == SYSERR);
    spin(10);
    CHECK(calls == 1 && receive() == 7);
    CHECK(send(getpid(), 9) == OK);
    sleepms(5);
    CHECK(calls == 2 && recvclr() == 9);
    /* A message that was received before its handler could run: the handler does not run. */
    reset();
    {
        intmask mask = disable();
        send(getpid(), 1);
        receive();
        restore(mask);
    }
    spin(5);
    CHECK(calls == 0 && proctab[currpid].prmsgreg == 1);
}

static void check_buffers(void)
{
    reset();
    CHECK(registerrecv(NULL, &on_buffer) == SYSERR && registerrecv(&recvbuf, NULL) == SYSERR);
    CHECK(registerrecv(&recvbuf, &on_buffer) == OK);
    start_sender(5, 2);
    nap(30);
    CHECK(calls == 3 && sum > 11 && proctab[currpid].prhasmsg == 0);
    CHECK(cbregister(&on_buffer, &recvbuf) == SYSERR);
    CHECK(cbunregister() == OK && cbunregister() == SYSERR && proctab[currpid].pretype == 0);
    CHECK(cbregister(&on_buffer, &recvbuf) == OK && send(getpid(), 3) == OK);
    spin(5);
    CHECK(calls == 4 && recvbuf == 3);
    CHECK(cbunregister() == OK);
}

/* One handler at a time, until it is taken back. */
static void check_taken_back(void)
{
    reset();
    CHECK(cbreg(NULL) == SYSERR && cbreg(&on_recv) == OK && cbreg(&on_recv) == SYSERR);
    CHECK(sigcbreg(XSIGRCV, &on_recv, 0) == SYSERR);
    CHECK(sigcbunreg(XSIGRCV) == OK && sigcbunreg(XSIGRCV) == SYSERR && sigcbunreg(77) == SYSERR);
    send(getpid(), 1);
    spin(5);
    CHECK(calls == 0);
    CHECK(sigcbreg(XSIGRCV, &on_recv, 0) == OK); /* the message that waits */
    spin(5);
    CHECK(calls == 1 && sum == 1);
    CHECK(sigcbunreg(XSIGRCV) == OK && sigcbreg(XSIGXTM, &on_alarm, 5) == OK &&
          sigcbreg(XSIGXTM, &on_alarm, 5) == SYSERR);
    CHECK(sigcbunreg(XSIGXTM) == OK && sigcbunreg(XSIGXTM) == SYSERR);
    spin(10);
    CHECK(calls == 1);
}

static void check_alarms(void)
{
    uint32 begin;

    reset();
    begin = clkcountermsec;
    CHECK(regcallbacksig(&on_alarm, XINUSIGXTIME, 0) == SYSERR && regcallbacksig(&on_alarm, 13, 1) == SYSERR);
    CHECK(regcallbacksig(&on_alarm, XINUSIGXTIME, 20) == OK);
    spin(30);
    CHECK(calls == 1 && sum - begin >= 20 && sum - begin <= 22);

    /* several, in whatever order, and beyond the 5 seconds of cbsignal() */
    reset();
    begin = clkcountermsec;
    CHECK(xsigaction(XSIGALRM, &on_alarm, 6000) == OK && xsigaction(XSIGALRM, &on_alarm, 10) == OK);
    CHECK(xsigaction(XSIGALRM, &on_alarm, 5500) == OK && xsigaction(XSIGGPF, &on_alarm, 0) == SYSERR);
    sleepms(20);
    CHECK(calls == 1);
    sleepms(5475);
    CHECK(calls == 1);
    sleepms(20);
    CHECK(calls == 2);
    sleepms(600);
    CHECK(calls == 3 && kcheck() == NULL && proctab[currpid].pralarmreg == 0);

    /* a handler that is registered first, and its alarms */
    reset();
    CHECK(registercbsig(MYSIGALRM, &on_alarm, 0) == OK && alarmms(0) == SYSERR && alarmms(5) == OK);
    CHECK(signalreg(SIGALRM, &on_alarm, 0) == OK && xalarm(8) == OK);
    spin(15);
    CHECK(calls == 2);

    /* two at a time; either order */
    reset();
    CHECK(alarmx(5, &on_alarm) == OK && alarmx(&on_alarm, 7) == OK && alarmx(9, &on_alarm) == SYSERR);
    spin(15);
    CHECK(calls == 2 && alarmx(0, &on_alarm) == SYSERR && alarmx(3, NULL) == SYSERR);
}

static void own_alarm(void)
{
    other_calls++;
}

/* The one alarm that a process has is the program's if it was first. */
static void check_own_cbsignal(void)
{
    reset();
    CHECK(cbsignal(CB_ALARM, own_alarm, 5) == 0 && xsigaction(XSIGALRM, &on_alarm, 3) == SYSERR);
    spin(10);
    CHECK(other_calls == 1 && calls == 0 && xsigaction(XSIGALRM, &on_alarm, 3) == OK);
    CHECK(cbsignal(CB_ALARM, own_alarm, 5) == SYSERR);
    spin(10);
    CHECK(calls == 1);
}

static volatile uint32 cpu_at;

int on_cpu(void)
{
    calls++;
    cpu_at = proctab[currpid].prcpuused;
    return OK;
}

process sleeps_and_computes(void)
{
    CHECK(proctab[currpid].prcpuused <= 1); /* a new process */
    CHECK(registercbsig(MYSIGXCPU, &on_cpu, 0) == SYSERR && registercbsig(MYSIGXCPU, &on_cpu, 20) == OK);
    sleepms(50); /* no CPU time */
    CHECK(calls == 0);
    spin(15);
    CHECK(calls == 0);
    spin(10);
    CHECK(calls == 1 && cpu_at >= 20 && cpu_at <= 22);
    spin(30);
    CHECK(calls == 1);
    return OK;
}

static void check_cpu_time(void)
{
    uint32 before = procgrosscpu(getpid());

    reset();
    recvclr();
    resume(create(sleeps_and_computes, 1024, 25, "computes", 0));
    receive();
    CHECK(procgrosscpu(getpid()) - before <= 2 && procgrosscpu(-1) == SYSERR && procgrosscpumicro(NPROC) == SYSERR);
    spin(20);
    before = procgrosscpu(getpid()) - before;
    CHECK(before >= 20 && before <= 23 && procgrosscpumicro(getpid()) == 1000 * proctab[currpid].prgrosscpu);
    CHECK(gettmslice() >= 1 && gettmslice() <= QUANTUM);
    CHECK(clktimefine == clkcountermsec && ctr1000 == clktimemilli);
}

process main(void)
{
    check_messages();
    check_ignored();
    CHECK(registercb(&on_recv) == OK && cbunregister() == OK);
    recvclr();
    check_buffers();
    recvclr();
    check_taken_back();
    check_alarms();
    check_own_cbsignal();
    check_cpu_time();
    CHECK(kcheck() == NULL);
    checks_done();
    return OK;
}
