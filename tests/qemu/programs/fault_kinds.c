/* Processes that do what they must not: each is reported and ended, and all others continue. */
#include "check.h"

static volatile uint32 beats;
static const int constant = 4711;

static process heartbeat(void)
{
    while (sleepms(1) == OK)
        beats++;
    return OK;
}

static process null_read(void)
{
    return *(volatile int *)NULL;
}

static process null_write(void)
{
    ((volatile int *)NULL)[1000] = 1;
    return OK;
}

static process text_write(void)
{
    *(volatile int *)null_read = 1;
    return OK;
}

static process kernel_write(void)
{
    *(volatile int *)resume = 1;
    return OK;
}

static process rodata_write(void)
{
    *(volatile int *)&constant = 1;
    return OK;
}

static process unmapped_read(void)
{
    return *(volatile int *)0x40000000;
}

static process divide(int by)
{
    return 100 / by;
}

static process bad_opcode(void)
{
    asm volatile("ud2");
    return OK;
}

static process wild_jump(void)
{
    ((void (*)(void))0xdead0000)();
    return OK;
}

static process null_call(void)
{
    ((void (*)(void))NULL)();
    return OK;
}

static process wild_return(void)
{
    ((uint32 *)__builtin_frame_address(0))[1] = 0x50000000;
    return OK;
}

static process software_interrupt(void)
{
    asm volatile("int $0x55");
    return OK;
}

static process bad_segment(void)
{
    asm volatile("movw %w0, %%es" : : "r"(0xf8));
    return OK;
}

static process masked(void)
{
    disable();
    return *(volatile int *)NULL;
}

static process direction(void)
{
    asm volatile("std; movl 8, %%eax" : : : "eax");
    return OK;
}

/* A kernel function that works for its caller, outside any guard. */
static process in_library(void)
{
    return strlen((char *)16);
}

static process in_kprintf(void)
{
    return kprintf("%s", (char *)0x50000000);
}

static process wild_stack(void)
{
    asm volatile("movl $0x60000000, %esp; pushl $1");
    return OK;
}

static void level_three(void)
{
    *(volatile int *)12 = 1;
}

static void level_two(void)
{
    level_three();
}

static process nested(void)
{
    level_two();
    return OK;
}

/* The clock interrupts the process here, and the callback faults. */
static process in_callback(void)
{
    volatile int spinning = TRUE;

    cbsignal(CB_ALARM, level_two, 0);
    while (spinning)
        ;
    return OK;
}

static process in_vacation(void)
{
    dreamvac(level_two);
    return sleepms(0);
}

static const struct {
    const char *name;
    void *function;
} cases[] = {
    {"null_read", null_read},
    {"null_write", null_write},
    {"text_write", text_write},
    {"kernel_write", kernel_write},
    {"rodata_write", rodata_write},
    {"unmapped_read", unmapped_read},
    {"divide", divide},
    {"bad_opcode", bad_opcode},
    {"wild_jump", wild_jump},
    {"null_call", null_call},
    {"wild_return", wild_return},
    {"soft_interrupt", software_interrupt},
    {"bad_segment", bad_segment},
    {"masked", masked},
    {"direction", direction},
    {"in_library", in_library},
    {"in_kprintf", in_kprintf},
    {"wild_stack", wild_stack},
    {"nested", nested},
    {"in_callback", in_callback},
    {"in_vacation", in_vacation},
};

/* Ring 0 may halt and mask: legal. */
static volatile int halted;
static process halts(void)
{
    asm volatile("hlt; cli; sti");
    halted = 1;
    return OK;
}

process main(void)
{
    pid32 heart = create(heartbeat, 4096, 100, "heartbeat", 0);
    resume(heart);
    for (int i = 0; i < (int)(sizeof cases / sizeof cases[0]); i++) {
        pid32 pid = create(cases[i].function, 4096, 30, cases[i].name, 1, 0);
        kprintf("case %s %d\n", cases[i].name, pid);
        resume(pid);
        uint32 before = beats, msec = clkcountermsec;
        sleepms(5);
        CHECK(proctab[pid].prstate == PR_FREE && prcount == 3 && receive() == (umsg32)pid);
        CHECK(beats - before >= 4 && clkcountermsec - msec == 5 && constant == 4711);
    }
    resume(create(halts, 4096, 30, "halts", 0));
    CHECK(halted == 1);
    kprintf("end of cases\n");
    kill(heart);
    checks_done();
    return OK;
}
