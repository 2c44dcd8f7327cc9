/* Programs that overwrite prprio and prstate of others and of themselves: the queues do not rely on them. */
#include "damage.h"

static process stepper(void)
{
    for (;;) {
        steps++;
        sleepms(1);
    }
    return OK;
}

static process spinner(void)
{
    for (;;)
        steps++;
    return OK;
}

static process sleeper(void)
{
    sleepms(1000);
    steps++;
    return OK;
}

static process receiver(void)
{
    receive();
    steps++;
    return OK;
}

static process waiter(void)
{
    wait(sem);
    steps++;
    return OK;
}

static pid32 ready_subject(void)
{
    pid32 pid = subject(stepper);
    resume(pid);
    CHECK(proctab[pid].prstate == PR_READY && steps == 0);
    return pid;
}

static const pri16 priorities[] = {0, -1, -32768, 1, 11, 32767};

static void write_priorities(void)
{
    for (int i = 0; i < (int)(sizeof priorities / sizeof priorities[0]); i++) {
        pri16 written = priorities[i];
        pid32 pid = ready_subject();
        proctab[pid].prprio = written; /* and it is killed */
        CHECK(kcheck() == NULL);
        CHECK_GONE(pid);

        pid = ready_subject();
        proctab[pid].prprio = written; /* suspended and resumed */
        CHECK(suspend(pid) == written && proctab[pid].prstate == PR_SUSP && kcheck() == NULL);
        CHECK(resume(pid) == written);
        let_it_run();
        CHECK(steps > 0);
        CHECK_GONE(pid);

        pid = ready_subject();
        proctab[pid].prprio = written; /* given a right one */
        CHECK(chprio(pid, 12) == written && getprio(pid) == 12 && kcheck() == NULL);
        let_it_run();
        CHECK(steps > 0);
        proctab[pid].prprio = written; /* while it sleeps */
        let_it_run();
        CHECK_GONE(pid);
    }
}

/* A running process writes its own: the clock must still take the processor away from it. */
static process demotes_itself(void)
{
    proctab[currpid].prprio = -7;
    return spinner();
}

static void write_own_priority(void)
{
    pid32 pid = subject(demotes_itself);
    resume(pid);
    let_it_run();
    CHECK(steps > 0 && proctab[pid].prprio == -7);
    CHECK_GONE(pid);
    proctab[NULLPROC].prprio = 32767; /* it gives way all the same */
    CHECK_ALIVE();
    proctab[NULLPROC].prprio = 0;
}

/* In each place in which a process can be, with each state written over its own; then one call. */
static void write_state(void *function, uint16 written, int what)
{
    pid32 pid = subject(function);
    resume(pid);
    if (function != spinner)
        sleepms(2);
    uint16 state = proctab[pid].prstate;
    int queued = function != receiver;
    proctab[pid].prstate = written;
    switch (what) {
    case 0:
        break;
    case 1:
        suspend(pid);
        break;
    case 2:
        CHECK((resume(pid) != SYSERR) == (!queued && written == PR_SUSP));
        break;
    case 3:
        CHECK((ready(pid) != SYSERR) == (!queued && written != PR_FREE));
        break;
    case 4:
        chprio(pid, 11);
        break;
    case 5:
        send(pid, 1);
        break;
    case 6:
        unsleep(pid);
        break;
    case 7:
        signal(sem);
        break;
    }
    let_it_run();
    if (written == PR_FREE && proctab[pid].prstate == PR_FREE && state != PR_FREE && steps == 0)
        proctab[pid].prstate = state; /* no call finds it; it is still where it was */
    if (function == waiter && semcount(sem) > 0)
        wait(sem);
    CHECK_GONE(pid);
    CHECK(semcount(sem) == 0);
}

static void write_states(void)
{
    void *const functions[] = {spinner, sleeper, receiver, waiter};
    for (int f = 0; f < 4; f++)
        for (uint16 written = PR_FREE; written <= PR_RECTIM + 1; written++)
            for (int what = 0; what < 8; what++)
                if (what != 7 || functions[f] == (void *)waiter)
                    write_state(functions[f], written, what);
}

/* As textbooks write it: the state first, then resched(). */
static process gives_way(void)
{
    for (;;) {
        steps++;
        intmask mask = disable();
        proctab[currpid].prstate = PR_READY;
        resched();
        restore(mask);
        if (steps == 100) {
            proctab[currpid].prstate = PR_SLEEP;
            resched();
            steps = 1000;
        }
    }
    return OK;
}

/* A process that changes its state and then makes a system call gets no further than that call. */
static process confused(uint32 written)
{
    proctab[currpid].prstate = (uint16)written;
    sleepms(1);
    proctab[currpid].prstate = (uint16)written;
    recvtime(1);
    proctab[currpid].prstate = (uint16)written;
    suspend(currpid);
    proctab[currpid].prstate = (uint16)written;
    send(currpid, 1);
    recvclr();
    steps++;
    return OK;
}

static void write_own_state(void)
{
    pid32 pid = subject(gives_way);
    resume(pid);
    let_it_run();
    CHECK(steps == 100 && proctab[pid].prstate == PR_SLEEP);
    CHECK(ready(pid) == OK);
    let_it_run();
    CHECK(steps > 1000);
    CHECK_GONE(pid);
    for (uint32 written = PR_READY; written <= PR_RECTIM + 1; written++) {
        pid = create(confused, 8192, SUBJECT, "subject", 1, written);
        steps = 0;
        resume(pid);
        sleepms(20);
        CHECK_GONE(pid);
    }
}

process main(void)
{
    begin_damage();
    write_priorities();
    write_own_priority();
    write_states();
    write_own_state();
    checks_done();
    kill(3); /* the heart */
    return OK;
}
