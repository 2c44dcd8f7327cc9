/* registration.c - task 1, to the letter */
#include "debug.h"

static void on_alarm(void) {}

static const char *try(uint32 address)
{
    syscall result = cbsignal(CB_ALARM, (callback)address, 4000);

    me->pralarmreg = me->pretype = 0; /* the next one is not to be refused for being the second */
    return result == SYSERR ? "refused" : "accepted";
}

void check_bounds(void)
{
    report("text: %s", try((uint32)&text));
    report("the byte below text: %s", try((uint32)&text - 1));
    report("the last byte of text: %s", try((uint32)&etext - 1));
    report("etext: %s", try((uint32)&etext));
}

static void report_writes(uint32 number, const char *field)
{
    if (watched[number].hits == 0)
        report("%s: not written", field);
    else
        report("%s: written with interrupts %s", field, watched[number].flags_or & FLAGS_IF ? "on" : "masked");
}

static void report_interrupts(void)
{
    uint32 flags;

    asm volatile("pushfl\n\tpopl %0" : "=r"(flags));
    report("afterwards interrupts are %s", flags & FLAGS_IF ? "enabled" : "masked");
}

void check_masked(void)
{
    uint32 msec = given(0, 100, 4000);
    intmask mask;
    syscall result;

    debug_watch(0, &me->pretype, DEBUG_WRITE, sizeof me->pretype);
    debug_watch(1, &me->pralarmreg, DEBUG_WRITE, sizeof me->pralarmreg);
    debug_watch(2, &me->pralarmtime, DEBUG_WRITE, sizeof me->pralarmtime);
    debug_watch(3, &me->prcbf1, DEBUG_WRITE, sizeof me->prcbf1);
    cbsignal(CB_ALARM, on_alarm, msec);
    debug_end();
    report_writes(0, "pretype");
    report_writes(1, "pralarmreg");
    report_writes(2, "pralarmtime");
    report_writes(3, "prcbf1");
    report_interrupts();

    me->pralarmreg = me->pretype = 0;
    mask = disable();
    result = cbsignal(CB_ALARM, on_alarm, msec);
    report("with interrupts masked: returns %d", result == 1 ? 0 : result); /* register is about 0 or 1 */
    report_interrupts();
    restore(mask);
}
