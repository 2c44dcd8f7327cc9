/* Programs that write over the stack, or over the stack fields, of a process that is switched out. */
#include "damage.h"

static void on_message(void)
{
    steps += 100;
}

static process sleeper(void)
{
    cbsignal(CB_MESSAGE, on_message, 0);
    sleepms(3);
    steps++;
    return OK;
}

static pid32 start(void)
{
    pid32 pid = subject(sleeper);
    resume(pid);
    sleepms(1);
    CHECK(proctab[pid].prstate == PR_SLEEP);
    kprintf("case %d\n", pid);
    return pid;
}

static void ends(pid32 pid)
{
    CHECK(receive() == (umsg32)pid && steps == 0 && prcount == 3);
    CHECK_ALIVE();
}

/* Its message arrives while the fields are wrong; then they are put right. */
static void survives(pid32 pid, struct procent right)
{
    CHECK(send(pid, 1) == OK);
    CHECK(kcheck() == NULL || proctab[pid].prstkbase != right.prstkbase);
    proctab[pid].prstkbase = right.prstkbase;
    proctab[pid].prstklen = right.prstklen;
    proctab[pid].prstkptr = right.prstkptr;
    CHECK(proctab[pid].prdetour.slot == NULL); /* its stack was left alone */
    CHECK(receive() == (umsg32)pid && steps > 0);
    CHECK_ALIVE();
}

static void write_stack_pointers(void)
{
    for (int i = 0; i < 7; i++) {
        pid32 pid = start();
        uint32 low = (uint32)proctab[pid].prstkbase + 4 - proctab[pid].prstklen;
        const uint32 wrong[] = {0, 4, 0xfffffffc, 0x40000000, low + 401, low - 44, (uint32)&resched};
        proctab[pid].prstkptr = (char *)wrong[i];
        CHECK(send(pid, 1) == OK);
        ends(pid);
        pid = start();
        struct procent right = proctab[pid];
        proctab[pid].prstkptr = (char *)wrong[i];
        survives(pid, right);
    }
}

static void write_stack_bases(void)
{
    for (int i = 0; i < 8; i++) {
        pid32 pid = start();
        uint32 low = (uint32)proctab[pid].prstkbase + 4 - proctab[pid].prstklen;
        const uint32 wrong[] = {0,   0x44,      0xfffffffc, 0x40000000, low - 4, (uint32)proctab[pid].prstkbase - 4,
                                low, 0xffffffff};
        proctab[pid].prstkbase = (char *)wrong[i];
        CHECK(kcheck() != NULL);
        CHECK(send(pid, 1) == OK);
        ends(pid);
        pid = start();
        struct procent right = proctab[pid];
        proctab[pid].prstkbase = (char *)wrong[i];
        survives(pid, right);
    }
    pid32 pid = start();
    *(uint32 *)proctab[pid].prstkbase = 0x1234;
    ends(pid);
}

static void write_stack_lengths(void)
{
    static const uint32 wrong[] = {0, 1, 4, 3000, 4092, 0x7ffff000, 0xfffffff0, 0xffffffff};
    for (int i = 0; i < (int)(sizeof wrong / sizeof wrong[0]); i++) {
        pid32 pid = start();
        proctab[pid].prstklen = wrong[i];
        CHECK(send(pid, 1) == OK);
        CHECK(receive() == (umsg32)pid); /* it runs, but where its stack seems too full for the callback */
        pid = start();
        proctab[pid].prstklen = wrong[i];
        proctab[pid].prstkptr = 0;
        CHECK(send(pid, 1) == OK);
        ends(pid);
    }
}

/* A program may move its process to a stack that it allocated itself, of which the kernel knows nothing. */
static uint32 own_stack[1024];

static process elsewhere(void)
{
    asm volatile("movl %%esp, %%ebx\n"
                 "movl %0, %%esp\n"
                 "pushl $2\n"
                 "call sleepms\n"
                 "movl %%ebx, %%esp"
                 :
                 : "r"(own_stack + 1020)
                 : "eax", "ebx", "ecx", "edx", "memory");
    steps++;
    return OK;
}

static void move_away(void)
{
    pid32 pid = subject(elsewhere);
    resume(pid);
    sleepms(1);
    CHECK(proctab[pid].prstkptr > (char *)own_stack && proctab[pid].prstkptr < (char *)(own_stack + 1024));
    CHECK(receive() == (umsg32)pid && steps == 1);
    CHECK_ALIVE();
}

process main(void)
{
    begin_damage();
    write_stack_pointers();
    write_stack_bases();
    write_stack_lengths();
    move_away();
    checks_done();
    kill(3); /* the heart */
    return OK;
}
