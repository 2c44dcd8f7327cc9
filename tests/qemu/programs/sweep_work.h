/* sweep_work.h - instructions that notice every disturbance */
#ifndef SWEEP_WORK_H
#define SWEEP_WORK_H

#include "check.h"

/* Bytes 8 to 23 move backwards, 24 to 39 are filled; byte 7 is read once. */
static byte work_field[40];

/*
 * Computes with all registers, all arithmetic flags, DF, the stack and memory. The result is the same at every call, if
 * what interrupts it leaves everything as it was. It has a compare and its jump, a string instruction that runs
 * backwards, and a sti and what follows.
 */
static uint32 work(void)
{
    uint32 result;
    /* EAX collects. Flags are added as pushfl shows them: CF PF AF ZF SF DF OF, and IF, which is on. */
    asm volatile("pushl %%ebp\n\t"
                 "movl $0x01234567, %%eax\n\t"
                 "movl $0x89ABCDEF, %%ebx\n\t"
                 "movl $0x0F1E2D3C, %%ecx\n\t"
                 "movl $0x4B5A6978, %%edx\n\t"
                 "movl $0x13579BDF, %%esi\n\t"
                 "movl $0x2468ACE0, %%edi\n\t"
                 "movl $0x7FFFFFFF, %%ebp\n\t"
                 "addl $1, %%ebp\n\t" /* OF SF AF PF */
                 "pushfl\n\t"
                 "adcl %%ebx, %%eax\n\t"
                 "adcl %%ecx, %%eax\n\t"
                 "rcll $3, %%edx\n\t"
                 "sbbl %%edx, %%eax\n\t"
                 "popl %%ebx\n\t"
                 "addl %%ebx, %%eax\n\t"
                 "addl %%ebp, %%eax\n\t"
                 "cmpl %%esi, %%edi\n\t" /* between a compare and its jump */
                 "ja 1f\n\t"
                 "addl $0x1000, %%eax\n"
                 "1:\tstc\n\t"
                 "jnc 2f\n\t"
                 "incl %%eax\n\t" /* leaves CF */
                 "adcl $0, %%eax\n"
                 "2:\tleal 8 + %[field], %%edi\n\t"
                 "movl $0xA5A5A5A5, (%%edi)\n\t"
                 "movl %%eax, 4(%%edi)\n\t"
                 "leal 7(%%edi), %%esi\n\t"
                 "addl $15, %%edi\n\t"
                 "movl $8, %%ecx\n\t"
                 "std\n\t" /* string instructions that run backwards */
                 "rep movsb\n\t"
                 "movsb\n\t"
                 "pushfl\n\t"
                 "popl %%edx\n\t" /* DF */
                 "cld\n\t"
                 "addl %%edx, %%eax\n\t"
                 "leal 24 + %[field], %%edi\n\t"
                 "movl $4, %%ecx\n\t"
                 "rep stosl\n\t"
                 "addl 16 + %[field], %%eax\n\t"
                 "addl 28 + %[field], %%eax\n\t"
                 "cli\n\t"
                 "xorl $0x55AA55AA, %%eax\n\t" /* SF PF */
                 "sti\n\t"
                 "pushfl\n\t" /* in the shadow of sti, and the flags of xorl */
                 "popl %%edx\n\t"
                 "rorl $7, %%eax\n\t"
                 "xorl %%edx, %%eax\n\t"
                 "pushl %%eax\n\t"
                 "pushl $0x600DF00D\n\t"
                 "movl 4(%%esp), %%eax\n\t"
                 "addl (%%esp), %%eax\n\t"
                 "leal 8(%%esp), %%esp\n\t"
                 "popl %%ebp"
                 : "=a"(result)
                 : [field] "m"(work_field)
                 : "ebx", "ecx", "edx", "esi", "edi", "memory", "cc");
    return result;
}

/* sleepms() with known values in the registers that a call preserves. CHECKs them and ESP; returns its
 * result. */
static syscall checked_sleepms(int32 msec)
{
    syscall result;
    uint32 wrong;
    asm volatile("pushl %%ebp\n\t"
                 "movl $0xB0B0B0B0, %%ebx\n\t"
                 "movl $0x51515151, %%esi\n\t"
                 "movl $0xD1D1D1D1, %%edi\n\t"
                 "pushl %[msec]\n\t"
                 "movl %%esp, %%ebp\n\t"
                 "call sleepms\n\t"
                 "movl %%esp, %%ecx\n\t"
                 "movl %%ebp, %%esp\n\t"
                 "xorl %%ebp, %%ecx\n\t"
                 "addl $4, %%esp\n\t"
                 "popl %%ebp\n\t"
                 "xorl $0xB0B0B0B0, %%ebx\n\t"
                 "orl %%ebx, %%ecx\n\t"
                 "xorl $0x51515151, %%esi\n\t"
                 "orl %%esi, %%ecx\n\t"
                 "xorl $0xD1D1D1D1, %%edi\n\t"
                 "orl %%edi, %%ecx"
                 : "=a"(result), "=&c"(wrong)
                 : [msec] "a"(msec)
                 : "ebx", "edx", "esi", "edi", "memory", "cc");
    CHECK(wrong == 0);
    return result;
}

#endif
