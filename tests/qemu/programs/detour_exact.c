/* detour_exact.c - R9: what the interrupted code can tell of a detour: nothing */
#include "detour_registers.h"

extern void clkhandler(void); /* what clkdisp calls first */

/* As interrupt_once(), in a loop that the clock interrupts wherever it is. The loop changes no flags, and of
 * the registers only ECX. */
void spin_until_done(void);
asm(".pushsection .text\n"
    "spin_until_done:\n\t"
    "pushal\n\t"
    "pushfl\n\t"
    "movl %esp, loaded+12\n\t" LOAD_REGISTERS "pushl loaded+32\n\t"
    "popfl\n"
    "1:\tmovl done, %ecx\n\t"
    "jecxz 1b\n\t" STORE_REGISTERS "popfl\n\t"
    "popal\n\t"
    "ret\n"
    ".popsection");

static int wrong_register, wrong_esp, wrong_flags, bad_start;

static void compare(int with_ecx)
{
    if (stored.edi != loaded.edi || stored.esi != loaded.esi || stored.ebp != loaded.ebp || stored.ebx != loaded.ebx ||
        stored.edx != loaded.edx || stored.eax != loaded.eax || (with_ecx && stored.ecx != loaded.ecx))
        wrong_register++;
    if (stored.esp != loaded.esp)
        wrong_esp++;
    if (stored.flags != loaded.flags)
        wrong_flags++;
    if ((flags_in_callback & (EFLAGS_DF | EFLAGS_IF)) != EFLAGS_IF)
        bad_start++;
}

/* The arithmetic flags and DF, by number: 0 to 127. */
static uint32 flags_of(uint32 number)
{
    static const uint32 bits[7] = {EFLAGS_CF, EFLAGS_PF, EFLAGS_AF, EFLAGS_ZF, EFLAGS_SF, EFLAGS_OF, EFLAGS_DF};
    uint32 flags = EFLAGS_IF | 2, i;

    for (i = 0; i < 7; i++)
        if (number >> i & 1)
            flags |= bits[i];
    return flags;
}

static void at_one_instruction(void)
{
    uint32 i, delivered = 0;

    hold_clock();
    for (i = 0; i < 3 * 128; i++) {
        loaded = pattern;
        loaded.eax += i << 8;
        loaded.flags = flags_of(i % 128);
        done = FALSE;
        if (i >= 128) {
            cbsignal(CB_MESSAGE, wrecking_callback, 0);
            send(currpid, i);
        }
        if (i < 128 || i >= 256)
            cbsignal(CB_ALARM, wrecking_callback, 0);
        interrupt_once();
        delivered += done;
        recvclr();
        compare(TRUE);
    }
    release_clock();
    CHECK(delivered == 4 * 128); /* the last third takes both in one detour */
    CHECK(outstanding(currpid, 0, 0));
}

static void wherever_the_clock_comes(void)
{
    uint32 i;

    for (i = 0; i < 256; i++) {
        loaded = pattern;
        loaded.flags = flags_of(i % 128);
        done = FALSE;
        cbsignal(CB_ALARM, wrecking_callback, i % 2);
        spin_until_done();
        compare(FALSE);
    }
}

/* An interrupt that comes while they are masked is not one; but a flag that a program cleared stays cleared.
 */
static void masked_stays_masked(void)
{
    loaded = pattern;
    loaded.flags = flags_of(5) & ~EFLAGS_IF;
    cbsignal(CB_ALARM, wrecking_callback, 0);
    interrupt_once();
    compare(TRUE);
}

/* Waits, with interrupts masked, until the clock interrupt is pending in the interrupt controller. */
static void await_pending(void)
{
    byte requests;

    do {
        asm volatile("outb %%al, $0x20\n\tinb $0x20, %%al" : "=a"(requests) : "a"((byte)0x0a));
    } while (!(requests & 1));
}

static volatile uint32 left_callback_at;

static void leave_one_pending(void)
{
    disable();
    await_pending();
    left_callback_at = clkcountermsec;
}

/* Neither clkdisp nor cbfmanager lets a pending interrupt in before the interrupted code has its own flags
 * back. */
static void no_window(void)
{
    intmask mask = disable();
    uint32 now;

    await_pending();
    now = clkcountermsec;
    tick();
    CHECK(clkcountermsec == now + 1);
    cbsignal(CB_ALARM, leave_one_pending, 0);
    tick();
    CHECK(clkcountermsec == left_callback_at);
    cbsignal(CB_MESSAGE, leave_one_pending, 0);
    send(currpid, 1);
    sleepms(0);
    CHECK(clkcountermsec == left_callback_at);
    recvclr();
    CHECK((eflags() & EFLAGS_IF) == 0);
    restore(mask);
}

/* The kernel's compiled code relies on DF being clear, whatever the interrupted code has made of it. */
static void kernel_has_df_clear(void)
{
    hold_clock();
    loaded = pattern;
    loaded.flags = flags_of(127);
    watch(clkhandler);
    interrupt_once();
    watch(NULL);
    release_clock();
    CHECK(times_watched == 1 && (watched_flags & EFLAGS_DF) == 0);
    CHECK((watched_flags & EFLAGS_IF) == 0); /* an interrupt gate */
    CHECK(stored.flags == loaded.flags);
}

/* 16 words above ESP and the stack of the caller. */
static void words_above(void)
{
    volatile uint32 words[16];
    uint32 i, changed = 0;

    for (i = 0; i < 16; i++)
        words[i] = 0xa5a50000 + i;
    for (i = 0; i < 20; i++) {
        loaded = pattern;
        loaded.flags = flags_of(i);
        done = FALSE;
        cbsignal(CB_ALARM, wrecking_callback, 0);
        spin_until_done();
    }
    for (i = 0; i < 16; i++)
        changed += words[i] != 0xa5a50000 + i;
    CHECK(changed == 0);
}

/* A detour at an interrupt that comes inside a callback of the other kind: both frames come back. */
static struct registers outer_loaded, outer_stored;

static void interrupted_callback(void)
{
    struct registers keep_loaded = loaded;

    cbsignal(CB_MESSAGE, wrecking_callback, 0);
    send(currpid, 1);
    loaded.flags = flags_of(0x6a);
    loaded.ebx = 0x01010101;
    interrupt_once();
    compare(TRUE);
    loaded = keep_loaded;
    recvclr();
}

static void two_levels(void)
{
    hold_clock();
    loaded = pattern;
    loaded.flags = flags_of(0x55);
    cbsignal(CB_ALARM, interrupted_callback, 0);
    outer_loaded = loaded;
    interrupt_once();
    outer_stored = stored;
    release_clock();
    loaded.esp = stored.esp; /* its own value was lost in the inner run; words_above() checked it */
    CHECK(memcmp(&outer_stored, &loaded, sizeof loaded) == 0);
    CHECK(outer_stored.flags == outer_loaded.flags);
}

process main(void)
{
    at_one_instruction();
    wherever_the_clock_comes();
    masked_stays_masked();
    no_window();
    kernel_has_df_clear();
    words_above();
    two_levels();
    CHECK(wrong_register == 0);
    CHECK(wrong_esp == 0);
    CHECK(wrong_flags == 0);
    CHECK(bad_start == 0);
    rule_done("R09");
    return OK;
}
