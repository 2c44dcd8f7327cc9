/* detour_intact.c - R17: what sleepms() returns, and the registers of its caller */
#include "detour_registers.h"

/* Calls sleepms(sleep_msec) with `loaded` in the registers that a call preserves, and stores all in `stored`.
 */
uint32 sleep_msec;
void sleep_with_pattern(void);
asm(".pushsection .text\n"
    "sleep_with_pattern:\n\t"
    "pushal\n\t"
    "pushl sleep_msec\n\t"
    "movl %esp, loaded+12\n\t" LOAD_REGISTERS "call sleepms\n\t" STORE_REGISTERS "cld\n\t"
    "addl $4, %esp\n\t"
    "popal\n\t"
    "ret\n"
    ".popsection");

static void everything_intact(syscall expected, uint32 interrupts)
{
    CHECK(stored.eax == (uint32)expected);
    CHECK(stored.ebx == loaded.ebx && stored.esi == loaded.esi);
    CHECK(stored.edi == loaded.edi && stored.ebp == loaded.ebp);
    CHECK(stored.esp == loaded.esp);
    CHECK((stored.flags & EFLAGS_DF) == 0);
    CHECK((stored.flags & EFLAGS_IF) == interrupts);
}

static void pattern_sleeper(void)
{
    intmask mask;

    loaded = pattern;
    cbsignal(CB_MESSAGE, wrecking_callback, 0);
    sleep_msec = 5;
    sleep_with_pattern();
    CHECK(done == 1);
    everything_intact(OK, EFLAGS_IF);
    recvclr();

    mask = disable(); /* a caller with interrupts masked gets them back masked */
    cbsignal(CB_MESSAGE, wrecking_callback, 0);
    sleep_with_pattern();
    CHECK(done == 2);
    everything_intact(OK, 0);
    recvclr();

    /* Not planted by send(), but due at the return. */
    cbsignal(CB_ALARM, wrecking_callback, 0);
    sleep_msec = 0;
    sleep_with_pattern();
    CHECK(done == 3);
    everything_intact(OK, 0);
    cbsignal(CB_MESSAGE, wrecking_callback, 0);
    send(currpid, 1);
    sleep_msec = 0xffffffff;
    sleep_with_pattern();
    CHECK(done == 4);
    everything_intact(SYSERR, 0);
    restore(mask);
}

static volatile uint32 cs_in_frame;

/* Above its own frame lies that of cbfreturn: eight registers, EIP, CS. */
static void look_at_frame(void)
{
    cs_in_frame = ((uint32 *)__builtin_frame_address(0))[2 + 8 + 1];
}

/* The frame is made where sleepms() had the registers of its caller, and CS is a whole word of it. */
static void whole_selector(void)
{
    uint32 cs;

    asm("movl %%cs, %0" : "=r"(cs));
    loaded = pattern;
    dreamvac(look_at_frame);
    sleep_msec = 0;
    sleep_with_pattern();
    CHECK(cs_in_frame == cs);
}

/* DF, which a caller written in assembly may have set, is clear in the callback, and its own again
 * afterwards. */
static volatile uint32 flags_in_vacation;

static void vacation(void)
{
    flags_in_vacation = eflags();
}

static void direction_flag(void)
{
    uint32 flags;

    dreamvac(vacation);
    asm volatile("std\n\tpushl $-1\n\tcall sleepms\n\tpushfl\n\tpopl %0\n\taddl $4, %%esp\n\tcld"
                 : "=b"(flags)
                 :
                 : "eax", "ecx", "edx", "memory");
    CHECK((flags_in_vacation & (EFLAGS_IF | EFLAGS_DF)) == EFLAGS_IF);
    CHECK((flags & EFLAGS_DF) != 0);
}

process main(void)
{
    pid32 pid = start(pattern_sleeper);

    CHECK(send(pid, 1) == OK);
    sleepms(6);
    CHECK(done == 1 && proctab[pid].prstate == PR_SLEEP);
    CHECK(send(pid, 2) == OK);
    await_end(pid);
    direction_flag();
    whole_selector();
    rule_done("R17");
    return OK;
}
