/* Stack overflows of every kind that the kernel distinguishes: each ends only its process. */
#include "check.h"

#include <stdio.h>
#include <xinu/stackroom.h>

static process push(void)
{
    asm volatile("1: pushl %eax; jmp 1b");
    return OK;
}

static process push_masked(void)
{
    asm volatile("cli; 1: pushl %eax; jmp 1b");
    return OK;
}

static int recurse(int depth)
{
    return depth < 0 ? 0 : recurse(depth + 1) + 1;
}

static int big_frames(int depth)
{
    volatile char room[3000];
    room[0] = depth;
    return depth < 0 ? 0 : big_frames(depth + 1) + room[0];
}

static int print_deep(int depth)
{
    kprintf("%s", "");
    return depth < 0 ? 0 : print_deep(depth + 1) + 1;
}

static int print_deeper(int depth)
{
    char text[8];
    sprintf(text, "%d", 7);
    return depth < 0 ? 0 : print_deeper(depth + 1) + text[0];
}

/* System calls at every depth: none may find the stack too small with the kernel's state half changed. */
static int call_deep(int depth)
{
    int result = getprio(getpid());
    result += freemem(getmem(100), 100) + freemem(getmem(5000), 5000) + freestk(getstk(5000), 5000);
    result += send(getpid(), depth) + recvclr() + recvtime(-1);
    sid32 sem = semcreate(1);
    result += wait(sem) + signal(sem) + semreset(sem, 1) + semdelete(sem);
    result += chprio(getpid(), 30) + kill(create(call_deep, 400, 1, "child", 0)) + recvclr();
    return depth < 0 ? 0 : call_deep(depth + 1) + result;
}

static int sleep_deep(int depth)
{
    sleepms(0);
    yield();
    return depth < 0 ? 0 : sleep_deep(depth + 1) + 1;
}

static int block_deep(int depth)
{
    sleepms(1);
    recvtime(1);
    return depth < 0 ? 0 : block_deep(depth + 1) + 1;
}

static const struct {
    const char *name;
    void *function;
    uint32 bytes;
} cases[] = {
    {"push", push, 4096},
    {"push_masked", push_masked, 4096},
    {"recurse", recurse, 65536},
    {"big_frames", big_frames, 65536},
    {"print_deep", print_deep, 8192},
    {"print_deeper", print_deeper, 8192},
    {"call_deep", call_deep, 8192},
    {"sleep_deep", sleep_deep, 8192},
    {"block_deep", block_deep, 8192},
};

/* An interrupt that comes when ESP stands `room` bytes above the guard page: a tick, or one of the serial
 * line. */
static volatile uint32 survivors;

static uint32 *above_guard(uint32 room)
{
    return (uint32 *)(proctab[getpid()].prstkbase + 4 - proctab[getpid()].prstklen + room);
}

static process tick_above_guard(uint32 room)
{
    asm volatile("movl %%esp, %%ebx\n"
                 "movl clkcountermsec, %%eax\n"
                 "movl %0, %%esp\n"
                 "1: cmpl clkcountermsec, %%eax\n"
                 "je 1b\n"
                 "movl %%ebx, %%esp"
                 :
                 : "c"(above_guard(room))
                 : "eax", "ebx", "memory");
    survivors++;
    return OK;
}

static process serial_above_guard(uint32 room)
{
    asm volatile("movl %%esp, %%ebx\n"
                 "movl %0, %%esp\n"
                 "int $36\n"
                 "movl %%ebx, %%esp"
                 :
                 : "c"(above_guard(room))
                 : "ebx", "memory");
    survivors++;
    return OK;
}

static void check_interrupts(void *function, uint32 pushed)
{
    for (uint32 room = 0; room <= INTERRUPT_STACK_ROOM + 40; room += 4) {
        uint32 before = survivors;
        pid32 pid = create(function, 4096, 10, "above guard", 1, room);
        resume(pid);
        CHECK(receive() == (umsg32)pid);
        int survived = survivors != before;
        CHECK(survived == (room >= pushed + INTERRUPT_STACK_ROOM));
    }
}

/* A system call with interrupts masked, which finds `room` bytes: it returns, or its check ends the process. The rooms
 * begin above what a call pushes before the check. */
static process masked_call_above_guard(uint32 room)
{
    uint32 *esp = above_guard(room);
    asm volatile("movl %%esp, %%ebx\n"
                 "cli\n"
                 "movl %0, %%esp\n"
                 "pushl $1\n"
                 "call getprio\n"
                 "movl %%ebx, %%esp\n"
                 "sti"
                 : "+c"(esp)
                 :
                 : "eax", "ebx", "edx", "memory");
    survivors++;
    return OK;
}

static void check_masked_calls(void)
{
    uint32 lowest = 64, highest = 320, before = survivors, count = 0;
    for (uint32 room = lowest; room <= highest; room += 4, count++) {
        pid32 pid = create(masked_call_above_guard, 4096, 10, "masked call", 1, room);
        resume(pid);
        CHECK(receive() == (umsg32)pid && prcount == 2);
    }
    CHECK(survivors - before > 0 && survivors - before < count);
}

process main(void)
{
    sid32 probe = semcreate(0);
    for (int i = 0; i < (int)(sizeof cases / sizeof cases[0]); i++) {
        pid32 pid = create(cases[i].function, cases[i].bytes, 10, cases[i].name, 1, 0);
        kprintf("case %s %d\n", cases[i].name, pid);
        resume(pid);
        CHECK(receive() == (umsg32)pid && proctab[pid].prstate == PR_FREE && prcount == 2);
        uint32 msec = clkcountermsec;
        CHECK(sleepms(5) == OK && clkcountermsec - msec == 5);
    }
    kprintf("end of cases\n");
    check_interrupts(tick_above_guard, 3 * 4);   /* EFLAGS, CS, EIP */
    check_interrupts(serial_above_guard, 4 * 4); /* and the number of the IRQ */
    check_masked_calls();
    CHECK(prcount == 2 && semcount(probe) == 0);
    checks_done();
    return OK;
}
