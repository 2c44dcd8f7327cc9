/*
 * nmi.c - enters and leaves the kernel by every path, again and again, and checks the registers afterwards: for
 * tests/qemu/nmi.py, which raises NMIs at the same time
 */
#include <xinu.h>

#define ROUNDS 60
#define FLAGS 0x44ED7 /* AC NT OF DF IF SF ZF AF PF CF */

static volatile uint32 alarms;

static void on_alarm(void)
{
    alarms++;
}

/* Makes a call with known registers and flags. Returns 0 if all are preserved, and the result is as given. */
static uint32 call_by_interrupt(uint32 number, uint32 result)
{
    uint32 wrong;
    asm volatile("pushl %%ebp\n\t"
                 "pushl %%edx\n\t"
                 "movl $0x22222222, %%ecx\n\t"
                 "movl $0x33333333, %%edx\n\t"
                 "movl $0x44444444, %%ebx\n\t"
                 "movl $0x55555555, %%esi\n\t"
                 "movl $0x66666666, %%edi\n\t"
                 "movl %%esp, %%ebp\n\t"
                 "pushl %%cs\n\t" /* a readable segment */
                 "popl %%ds\n\t"
                 "pushl %%cs\n\t"
                 "popl %%es\n\t"
                 "pushl $0x44ED7\n\t" /* FLAGS */
                 "popfl\n\t"
                 "int $0x30\n\t"
                 "pushfl\n\t"
                 "pushl $0x202\n\t"
                 "popfl\n\t"
                 "xorl $0x44ED7, (%%esp)\n\t"
                 "xorl 4(%%esp), %%eax\n\t" /* the result */
                 "orl (%%esp), %%eax\n\t"
                 "addl $4, %%esp\n\t"
                 "xorl $0x22222222, %%ecx\n\t"
                 "orl %%ecx, %%eax\n\t"
                 "xorl $0x33333333, %%edx\n\t"
                 "orl %%edx, %%eax\n\t"
                 "xorl %%esp, %%ebp\n\t"
                 "orl %%ebp, %%eax\n\t"
                 "xorl $0x44444444, %%ebx\n\t"
                 "orl %%ebx, %%eax\n\t"
                 "xorl $0x55555555, %%esi\n\t"
                 "orl %%esi, %%eax\n\t"
                 "xorl $0x66666666, %%edi\n\t"
                 "orl %%edi, %%eax\n\t"
                 "movl %%cs, %%esi\n\t"
                 "movl %%ds, %%ebx\n\t"
                 "xorl %%esi, %%ebx\n\t"
                 "orl %%ebx, %%eax\n\t"
                 "movl %%es, %%ebx\n\t"
                 "xorl %%esi, %%ebx\n\t"
                 "orl %%ebx, %%eax\n\t"
                 "movl %%ss, %%ebx\n\t"
                 "movl %%ebx, %%ds\n\t"
                 "movl %%ebx, %%es\n\t"
                 "addl $4, %%esp\n\t"
                 "popl %%ebp"
                 : "=a"(wrong), "+d"(result)
                 : "0"(number)
                 : "ebx", "ecx", "esi", "edi", "memory", "cc");
    return wrong;
}

/* The same by sysenter, which loses ECX, EDX and EFLAGS. */
static uint32 call_by_sysenter(uint32 number, uint32 result)
{
    uint32 wrong;
    asm volatile("pushl %%ebp\n\t"
                 "pushl %%edx\n\t"
                 "movl $0x44444444, %%ebx\n\t"
                 "movl $0x55555555, %%esi\n\t"
                 "movl $0x66666666, %%edi\n\t"
                 "movl %%esp, %%ebp\n\t"
                 "movl %%esp, %%ecx\n\t"
                 "movl $1f, %%edx\n\t"
                 "pushl $0x44ED7\n\t"
                 "popfl\n\t"
                 "sysenter\n"
                 "1:\tpushfl\n\t"
                 "testl $0x44400, (%%esp)\n\t" /* none of AC, NT, DF is set */
                 "leal 4(%%esp), %%esp\n\t"
                 "jz 2f\n\t"
                 "incl %%ebx\n"
                 "2:\txorl %%esp, %%ebp\n\t"
                 "popl %%edx\n\t"
                 "xorl %%edx, %%eax\n\t"
                 "orl %%ebp, %%eax\n\t"
                 "xorl $0x44444444, %%ebx\n\t"
                 "orl %%ebx, %%eax\n\t"
                 "xorl $0x55555555, %%esi\n\t"
                 "orl %%esi, %%eax\n\t"
                 "xorl $0x66666666, %%edi\n\t"
                 "orl %%edi, %%eax\n\t"
                 "popl %%ebp"
                 : "=a"(wrong), "+d"(result)
                 : "0"(number)
                 : "ebx", "ecx", "esi", "edi", "memory", "cc");
    return wrong;
}

/* Waits with all flags set for an alarm callback at a clock tick. Returns 1 unless exactly one ran. */
static uint32 wait_for_alarm(void)
{
    uint32 rung = alarms;

    cbsignal(CB_ALARM, on_alarm, 1);
    asm volatile("pushl %0\n\tpopfl" : : "i"(FLAGS) : "memory", "cc");
    for (uint32 begin = clkcountermsec; clkcountermsec - begin < 3;)
        ;
    asm volatile("pushl $0x202\n\tpopfl" : : : "memory", "cc");
    return alarms - rung != 1;
}

process main(void)
{
    const uint32 self = (uint32)getpid();
    uint32 wrong = 0;

    for (uint32 i = 0; i < ROUNDS; i++) {
        wrong |= call_by_interrupt(0, self) | call_by_interrupt(SYSTEM_CALL_COUNT, (uint32)SYSERR);
        if (((const struct windowheader *)USER_WINDOW)->has_sysenter)
            wrong |= call_by_sysenter(0, self) | call_by_sysenter(SYSTEM_CALL_COUNT, (uint32)SYSERR);
        wrong |= wait_for_alarm();
        yield();
    }
    printf("nmi: wrong %#x\n", wrong);
    return OK;
}
