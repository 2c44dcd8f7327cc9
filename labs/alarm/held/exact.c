/* exact.c - tasks 3 and 4: flags at the beginning of a detour, and the way back, which nothing interrupts */
#include "debug.h"

extern void clkhandler(void);

void check_start(void)
{
    const uint32 *number = lab_given.number;

    loaded = (struct registers){number[0], number[1], number[2],
                                0,         number[3], number[4],
                                number[5], number[6], FLAGS_FIXED | FLAGS_IF | FLAGS_DF};
    first_flags = FLAGS_DF;
    debug_watch(0, (const void *)clkhandler, DEBUG_EXECUTE, 1);
    through(note_flags);
    debug_end();
    if (watched[0].hits == 0)
        report("clkhandler is not called");
    else
        report("clkhandler begins with DF %s", watched[0].flags_or & FLAGS_DF ? "set" : "clear");
    report("the callback begins with DF %s and IF %s", first_flags & FLAGS_DF ? "set" : "clear",
           first_flags & FLAGS_IF ? "set" : "clear");
    report("the interrupted code has DF %s", stored.flags & FLAGS_DF ? "set" : "clear");
}

/* Waits, with interrupts masked, until the interrupt controller has a clock interrupt that it could deliver. */
static void await_pending(void)
{
    byte requests;

    do
        asm volatile("outb %%al, $0x20\n\tinb $0x20, %%al" : "=a"(requests) : "a"((byte)0x0a));
    while (!(requests & 1));
}

static volatile uint32 left_at;
static volatile int calls;

static void leave_one_pending(void)
{
    calls++;
    disable();
    await_pending();
    left_at = clkcountermsec;
}

void check_window(void)
{
    intmask mask = disable();
    uint32 before, after;

    await_pending();
    before = clkcountermsec;
    tick();
    after = clkcountermsec;
    report("without an alarm: clock interrupts let in before the iret: %d", (int)(after - before - 1));

    cbsignal(CB_ALARM, leave_one_pending, 5000);
    await_pending();
    before = clkcountermsec;
    tick();
    after = clkcountermsec;
    report("with one that is not due: clock interrupts let in before the iret: %d", (int)(after - before - 1));
    me->pralarmreg = me->pretype = 0;

    cbsignal(CB_ALARM, leave_one_pending, 0);
    tick();
    after = clkcountermsec;
    if (calls == 0)
        report("with one: the callback does not run");
    else
        report("with one: clock interrupts let in after the callback: %d", (int)(after - left_at));
    restore(mask);
}
