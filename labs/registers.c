/* registers.c - see registers.h */
#include "registers.h"

struct registers loaded, stored;

void report_stored(void)
{
    report("edi %08x", stored.edi);
    report("esi %08x", stored.esi);
    report("ebp %08x", stored.ebp);
    report("ebx %08x", stored.ebx);
    report("edx %08x", stored.edx);
    report("ecx %08x", stored.ecx);
    report("eax %08x", stored.eax);
}

uint32 first_flags;
volatile int counted_calls;
asm(".pushsection .text\n"
    ".globl note_flags\n"
    ".type note_flags, @function\n"
    "note_flags:\n\t"
    "pushfl\n\t"
    "popl first_flags\n\t"
    "ret\n"
    ".size note_flags, . - note_flags\n"
    ".globl count_call\n"
    ".type count_call, @function\n"
    "count_call:\n\t"
    "incl counted_calls\n\t"
    "ret\n"
    ".size count_call, . - count_call\n"
    ".popsection");
