/* exact.c - task 4: what the interrupted code can tell of a detour */
#include "alarm.h"

static volatile int calls;

/* What any function may do to registers and flags. */
static void on_alarm(void)
{
    calls++;
    asm volatile("movl $0xdead0001, %%eax\n\t"
                 "movl $0xdead0002, %%ecx\n\t"
                 "movl $0xdead0003, %%edx\n\t"
                 "cmpl %%edx, %%ecx" /* CF AF SF */
                 :
                 :
                 : "eax", "ecx", "edx", "cc");
}

static void load_numbers(void)
{
    const uint32 *number = lab_given.number;

    loaded = (struct registers){
        number[0], number[1], number[2], 0, number[3], number[4], number[5], number[6], FLAGS_FIXED | FLAGS_IF};
}

void check_registers(void)
{
    load_numbers();
    through(on_alarm);
    report("callbacks: %d", calls);
    report_stored();
    report("esp is %d bytes off", (int)(stored.esp - loaded.esp));
}

void check_flags(void)
{
    uint32 i;

    for (i = 0; i < 8; i++) {
        uint32 flags = lab_given.number[i] & FLAGS_ARITHMETIC;

        load_numbers();
        loaded.flags |= flags;
        through(on_alarm);
        report("flags %03x, afterwards %03x", flags, stored.flags & FLAGS_ARITHMETIC);
    }
    report("callbacks: %d", calls);
}

/* Leaves every register but ESP changed, DF set, and NT, with which an iret would be a task switch. */
void on_wild_alarm(void);
int wild_calls;
asm(".pushsection .text\n"
    "on_wild_alarm:\n\t"
    "movl $0xdead0004, %ebx\n\t"
    "movl $0xdead0005, %esi\n\t"
    "movl $0xdead0006, %edi\n\t"
    "movl $0xdead0007, %ebp\n\t"
    "incl wild_calls\n\t"
    "pushl $0x4602\n\t" /* NT DF IF */
    "popfl\n\t"
    "ret\n"
    ".popsection");

void check_wild(void)
{
    load_numbers();
    through(on_wild_alarm);
    report("callbacks: %d", wild_calls);
    report("ebx %08x esi %08x edi %08x ebp %08x", stored.ebx, stored.esi, stored.edi, stored.ebp);
    report("DF is %s", stored.flags & FLAGS_DF ? "set" : "clear");
}

/*
 * Shifts and adds, with the clock coming wherever it does: 32 bits that any lost register changes. No instruction of it
 * reads a flag: these have a check of their own.
 */
static uint32 work(uint32 x, uint32 rounds)
{
    asm volatile("1:\tmovl %0, %%edx\n\t"
                 "shll $13, %%edx\n\t"
                 "xorl %%edx, %0\n\t"
                 "pushl %0\n\t"
                 "shrl $17, %0\n\t"
                 "popl %%edx\n\t"
                 "xorl %%edx, %0\n\t"
                 "movl %0, %%edx\n\t"
                 "shll $5, %%edx\n\t"
                 "xorl %%edx, %0\n\t"
                 "leal (%0,%%ecx), %0\n\t"
                 "loop 1b"
                 : "+r"(x), "+c"(rounds)
                 :
                 : "edx", "memory", "cc");
    return x;
}

static void on_alarm_at_each_tick(void)
{
    calls++;
    me->pralarmreg = me->pretype = 0; /* as in through() */
    cbsignal(CB_ALARM, on_alarm_at_each_tick, 0);
}

void check_anywhere(void)
{
    uint32 result;

    cbsignal(CB_ALARM, on_alarm_at_each_tick, 0);
    result = work(lab_given.number[0], 200000);
    report("%s callbacks", calls >= 10 ? "10 or more" : "fewer than 10");
    report("result %08x", result);
}
