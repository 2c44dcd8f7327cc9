/* switch.c - see switch.h */
#include "switch.h"

static uint32 room[512];
char *own_stack, *other_stack;
struct registers stored_there;

void prepare_other(void (*function)(void), uint32 flags)
{
    uint32 *saved = &room[500];

    saved[SAVED_RETURN] = (uint32)function;
    saved[SAVED_LINK] = 0;
    saved[SAVED_EFLAGS] = flags;
    other_stack = (char *)saved;
}

asm(".pushsection .text\n"
    ".globl across\n"
    ".type across, @function\n"
    "across:\n\t"
    "pushal\n\t"
    "pushfl\n\t"
    "cli\n\t"
    "pushl $other_stack\n\t"
    "pushl $own_stack\n\t"
    "movl %esp, loaded+12\n\t" LOAD_REGISTERS "pushl loaded+32\n\t"
    "popfl\n\t"
    "call ctxsw\n\t" STORE_ALL("stored") "movl loaded+12, %esp\n\t" /* a wrong one is reported, and not used */
                                         "cld\n\t"
                                         "addl $8, %esp\n\t"
                                         "popfl\n\t"
                                         "popal\n\t"
                                         "ret\n"
                                         ".size across, . - across\n"
                                         ".globl there\n"
                                         ".type there, @function\n"
                                         "there:\n\t" STORE_ALL("stored_there") "cld\n\t"
                                                                                "pushl $own_stack\n\t"
                                                                                "pushl $other_stack\n\t"
                                                                                "movl $0x11111111, %eax\n\t"
                                                                                "movl $0x22222222, %ebx\n\t"
                                                                                "movl $0x33333333, %ecx\n\t"
                                                                                "movl $0x44444444, %edx\n\t"
                                                                                "movl $0x55555555, %esi\n\t"
                                                                                "movl $0x66666666, %edi\n\t"
                                                                                "movl $0x77777777, %ebp\n\t"
                                                                                "call ctxsw\n\t"
                                                                                "ud2\n"
                                                                                ".size there, . - there\n"
                                                                                ".popsection");

void load_numbers(uint32 flags)
{
    const uint32 *number = lab_given.number;

    loaded = (struct registers){number[0], number[1], number[2], 0, number[3], number[4], number[5], number[6], flags};
}
