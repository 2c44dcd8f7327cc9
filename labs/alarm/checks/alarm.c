/* alarm.c - see alarm.h */
#include "alarm.h"

void report_fields(const char *when)
{
    if (me->pralarmreg != 0)
        report("%s pretype %u pralarmreg %u due at %u", when, me->pretype, me->pralarmreg, me->pralarmtime - began);
    else
        report("%s pretype %u pralarmreg 0", when, me->pretype);
}

asm(".pushsection .text\n"
    ".type interrupt_once, @function\n"
    "interrupt_once:\n\t"
    "pushal\n\t"
    "pushfl\n\t"
    "movl %esp, loaded+12\n\t" LOAD_REGISTERS "pushl loaded+32\n\t"
    "popfl\n\t"
    "int $32\n\t"
    "movl %esp, stored+12\n\t"
    "movl loaded+12, %esp\n\t" /* a wrong one is reported, and not used */
    "pushfl\n\t"
    "popl stored+32\n\t" STORE_REGISTERS("stored") "popfl\n\t"
                                                   "popal\n\t"
                                                   "ret\n"
                                                   ".size interrupt_once, . - interrupt_once\n"
                                                   ".popsection");

void through(callback function)
{
    hold_clock();
    me->pralarmreg = me->pretype = 0; /* whether the one before was taken back is the matter of other checks */
    cbsignal(CB_ALARM, function, 0);
    interrupt_once();
    release_clock();
}
