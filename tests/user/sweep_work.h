/* sweep_work.h - ring-3 code whose result shows every disturbance */
#ifndef SWEEP_WORK_H
#define SWEEP_WORK_H

#include <xinu.h>

/* Bytes 8 to 23 move backwards; byte 7 is read once. */
static byte work_field[24];

/*
 * Computes with all registers, all flags (including IF), the stack and memory. The result is the same for every call if
 * interrupts preserve everything. Contains a compare with its jump, and a string instruction that runs backwards.
 */
static uint32 work(void)
{
    uint32 result;
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
                 "1:\tleal 8 + %[field], %%edi\n\t"
                 "movl $0xA5A5A5A5, (%%edi)\n\t"
                 "movl %%eax, 4(%%edi)\n\t"
                 "leal 7(%%edi), %%esi\n\t"
                 "addl $15, %%edi\n\t"
                 "movl $5, %%ecx\n\t"
                 "stc\n\t"
                 "std\n\t"
                 "rep movsb\n\t"
                 "movsb\n\t"
                 "pushfl\n\t"
                 "popl %%edx\n\t" /* DF CF */
                 "cld\n\t"
                 "addl %%edx, %%eax\n\t"
                 "addl 16 + %[field], %%eax\n\t"
                 "popl %%ebp"
                 : "=a"(result)
                 : [field] "m"(work_field)
                 : "ebx", "ecx", "edx", "esi", "edi", "memory", "cc");
    return result;
}

/* Runs a few instructions with segments other than C's in DS and ES. Returns how many were changed. */
static uint32 work_with_segments(void)
{
    uint32 wrong;
    asm volatile("movl %%cs, %%eax\n\t"
                 "movl $0, %%edx\n\t"
                 "movl %%eax, %%ds\n\t" /* readable */
                 "movl %%edx, %%es\n\t"
                 "nop\n\t"
                 "movl %%ds, %%ecx\n\t"
                 "xorl %%ecx, %%eax\n\t"
                 "movl %%es, %%ecx\n\t"
                 "orl %%ecx, %%eax\n\t"
                 "movl %%ss, %%ecx\n\t"
                 "movl %%ecx, %%ds\n\t"
                 "movl %%ecx, %%es"
                 : "=a"(wrong)
                 :
                 : "ecx", "edx", "cc");
    return wrong;
}

#endif
