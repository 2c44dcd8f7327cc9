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

/* One field at a time: a compiler may write two by one instruction, of which the emulator reports one hit. */
static void report_writes(const char *field, const volatile void *address, uint32 bytes)
{
    me->pralarmreg = me->pretype = 0;
    debug_watch(0, address, DEBUG_WRITE, bytes);
    cbsignal(CB_ALARM, on_alarm, given(0, 100, 4000));
    debug_end();
    if (watched[0].hits == 0)
        report("%s: not written", field);
    else
        report("%s: written with interrupts %s", field, watched[0].flags_or & FLAGS_IF ? "on" : "masked");
}

static void report_interrupts(void)
{
    uint32 flags;

    asm volatile("pushfl\n\tpopl %0" : "=r"(flags));
    report("afterwards interrupts are %s", flags & FLAGS_IF ? "enabled" : "masked");
}

void check_masked(void)
{
    intmask mask;
    syscall result;

    report_writes("pretype", &me->pretype, sizeof me->pretype);
    report_writes("pralarmreg", &me->pralarmreg, sizeof me->pralarmreg);
    report_writes("pralarmtime", &me->pralarmtime, sizeof me->pralarmtime);
    report_writes("prcbf1", &me->prcbf1, sizeof me->prcbf1);
    report_interrupts();

    me->pralarmreg = me->pretype = 0;
    mask = disable();
    result = cbsignal(CB_ALARM, on_alarm, 100);
    report("with interrupts masked: returns %d", result == 1 ? 0 : result); /* register is about 0 or 1 */
    report_interrupts();
    restore(mask);
}
