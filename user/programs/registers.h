/* registers.h - interrupted code with a known value in every register, for the programs with callbacks */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <xinu.h>

static uint32 registers_changed;
static uint32 stack_before;

/*
 * Loads all registers and flags, runs for at least 20 million instructions, during which an event should be delivered,
 * and returns the number of registers that changed; the flags count as one. (`loop` counts ECX down and preserves the
 * flags. DF is set, and IF, which ring 3 cannot change.)
 */
uint32 run_with_registers(void);
asm(".pushsection .text\n"
    ".type run_with_registers, @function\n"
    "run_with_registers:\n\t"
    "pushal\n\t"
    "pushfl\n\t"
    "movl $0, registers_changed\n\t"
    "movl %esp, stack_before\n\t"
    "movl $0x11111111, %eax\n\t"
    "movl $0x22222222, %edx\n\t"
    "movl $0x33333333, %ebx\n\t"
    "movl $0x44444444, %esi\n\t"
    "movl $0x55555555, %edi\n\t"
    "movl $0x66666666, %ebp\n\t"
    "movl $20000000, %ecx\n\t"
    "pushl $0xed7\n\t" /* OF DF IF SF ZF AF PF CF */
    "popfl\n"
    "1:\tloop 1b\n\t"
    "pushfl\n\t"
    "cld\n\t"
    "cmpl $0xed7, (%esp)\n\t"
    "je 2f\n\t"
    "incl registers_changed\n"
    "2:\tleal 4(%esp), %esp\n\t"
    "cmpl %esp, stack_before\n\t"
    "je 3f\n\t"
    "incl registers_changed\n"
    "3:\tcmpl $0x11111111, %eax\n\t"
    "je 4f\n\t"
    "incl registers_changed\n"
    "4:\tcmpl $0x22222222, %edx\n\t"
    "je 5f\n\t"
    "incl registers_changed\n"
    "5:\tcmpl $0x33333333, %ebx\n\t"
    "je 6f\n\t"
    "incl registers_changed\n"
    "6:\tcmpl $0x44444444, %esi\n\t"
    "je 7f\n\t"
    "incl registers_changed\n"
    "7:\tcmpl $0x55555555, %edi\n\t"
    "je 8f\n\t"
    "incl registers_changed\n"
    "8:\tcmpl $0x66666666, %ebp\n\t"
    "je 9f\n\t"
    "incl registers_changed\n"
    "9:\tmovl stack_before, %esp\n\t"
    "popfl\n\t"
    "popal\n\t"
    "movl registers_changed, %eax\n\t"
    "ret\n\t"
    ".size run_with_registers, . - run_with_registers\n"
    ".popsection");

/* The privilege level at which the caller runs. */
static inline uint32 ring(void)
{
    uint32 cs;
    asm("movl %%cs, %0" : "=r"(cs));
    return cs & 3;
}

#endif
