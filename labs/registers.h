/*
 * registers.h - for checks: what code does to registers and flags
 */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <observe.h>

#define FLAGS_ARITHMETIC 0x8d5 /* CF PF AF ZF SF OF */
#define FLAGS_IF 0x200
#define FLAGS_DF 0x400
#define FLAGS_FIXED 2

/* The registers as pushal stores them, lowest address first, and EFLAGS. */
struct registers {
    uint32 edi, esi, ebp, esp, ebx, edx, ecx, eax, flags;
};

/* What a check loads, and what it finds afterwards. */
extern struct registers loaded, stored;

/* Text for asm(): loads all registers but ESP from `loaded`. */
#define LOAD_REGISTERS                                                                                                 \
    "movl loaded+0, %edi\n\t"                                                                                          \
    "movl loaded+4, %esi\n\t"                                                                                          \
    "movl loaded+8, %ebp\n\t"                                                                                          \
    "movl loaded+16, %ebx\n\t"                                                                                         \
    "movl loaded+20, %edx\n\t"                                                                                         \
    "movl loaded+24, %ecx\n\t"                                                                                         \
    "movl loaded+28, %eax\n\t"

/* The same: stores all registers but ESP in the struct registers of this name; changes neither them nor flags. */
#define STORE_REGISTERS(name)                                                                                          \
    "movl %edi, " name "+0\n\t"                                                                                        \
    "movl %esi, " name "+4\n\t"                                                                                        \
    "movl %ebp, " name "+8\n\t"                                                                                        \
    "movl %ebx, " name "+16\n\t"                                                                                       \
    "movl %edx, " name "+20\n\t"                                                                                       \
    "movl %ecx, " name "+24\n\t"                                                                                       \
    "movl %eax, " name "+28\n\t"

/* The same with ESP and EFLAGS: ESP is that of the stack, which has room for a word below it. */
#define STORE_ALL(name) "movl %esp, " name "+12\n\tpushfl\n\tpopl " name "+32\n\t" STORE_REGISTERS(name)

/* The same: changes all registers but ESP. */
#define WRECK_REGISTERS                                                                                                \
    "movl $0xdead0001, %eax\n\t"                                                                                       \
    "movl $0xdead0002, %ecx\n\t"                                                                                       \
    "movl $0xdead0003, %edx\n\t"                                                                                       \
    "movl $0xdead0004, %ebx\n\t"                                                                                       \
    "movl $0xdead0005, %esi\n\t"                                                                                       \
    "movl $0xdead0006, %edi\n\t"                                                                                       \
    "movl $0xdead0007, %ebp\n\t"

/* Reports the seven of `stored`, a line each. */
void report_stored(void);

/* Functions that are called back: notes EFLAGS at its first instruction; counts, and needs no stack of its own. */
void note_flags(void);
extern uint32 first_flags;
void count_call(void);
extern volatile int counted_calls;

#endif
