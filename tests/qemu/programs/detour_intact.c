/* detour_intact.c - R17: what sleepms() returns, and the registers of its caller */
#include "detour.h"

static volatile int wrecked;

void wrecking_callback(void);
asm(".pushsection .text\n"
    "wrecking_callback:\n\t"
    "incl wrecked\n\t"
    "std\n\t"
    "movl $0xdeadbee1, %eax\n\t"
    "movl $0xdeadbee2, %ebx\n\t"
    "movl $0xdeadbee3, %ecx\n\t"
    "movl $0xdeadbee4, %edx\n\t"
    "movl $0xdeadbee5, %esi\n\t"
    "movl $0xdeadbee6, %edi\n\t"
    "movl $0xdeadbee7, %ebp\n\t"
    "ret\n"
    ".popsection");

/* Calls sleepms(sleep_msec) with known registers, and stores them, ESP before and after, and the flags. */
uint32 sleep_msec, returned_eax, returned_ebx, returned_esi, returned_edi, returned_ebp, esp_before,
    esp_after, flags_after;
uint32 resumed_at, argument_after;
void sleep_with_pattern(void);
asm(".pushsection .text\n"
    "sleep_with_pattern:\n\t"
    "pushal\n\t"
    "movl $0x11111117, %ebx\n\t"
    "movl $0x22222226, %esi\n\t"
    "movl $0x33333335, %edi\n\t"
    "movl $0x44444444, %ebp\n\t"
    "pushl sleep_msec\n\t"
    "movl %esp, esp_before\n\t"
    "call sleepms\n\t"
    "movl %esp, esp_after\n\t"
    "pushfl\n\t"
    "popl flags_after\n\t"
    "movl %eax, returned_eax\n\t"
    "movl %ebx, returned_ebx\n\t"
    "movl %esi, returned_esi\n\t"
    "movl %edi, returned_edi\n\t"
    "movl %ebp, returned_ebp\n\t"
    "addl $4, %esp\n\t"
    "popal\n\t"
    "ret\n"
    ".popsection");

static void everything_intact(syscall expected, uint32 interrupts)
{
    CHECK(returned_eax == (uint32)expected);
    CHECK(returned_ebx == 0x11111117 && returned_esi == 0x22222226);
    CHECK(returned_edi == 0x33333335 && returned_ebp == 0x44444444);
    CHECK(esp_after == esp_before);
    CHECK((flags_after & EFLAGS_DF) == 0);
    CHECK((flags_after & EFLAGS_IF) == interrupts);
}

static void pattern_sleeper(void)
{
    intmask mask;

    cbsignal(CB_MESSAGE, wrecking_callback, 0);
    sleep_msec = 5;
    sleep_with_pattern();
    CHECK(wrecked == 1);
    everything_intact(OK, EFLAGS_IF);
    recvclr();

    mask = disable(); /* a caller with interrupts masked gets them back masked */
    cbsignal(CB_MESSAGE, wrecking_callback, 0);
    sleep_with_pattern();
    CHECK(wrecked == 2);
    everything_intact(OK, 0);
    recvclr();

    /* Not planted by send(), but due at the return. */
    cbsignal(CB_ALARM, wrecking_callback, 0);
    sleep_msec = 0;
    sleep_with_pattern();
    CHECK(wrecked == 3);
    everything_intact(OK, 0);
    cbsignal(CB_MESSAGE, wrecking_callback, 0);
    send(currpid, 1);
    sleep_msec = 0xffffffff;
    sleep_with_pattern();
    CHECK(wrecked == 4);
    everything_intact(SYSERR, 0);
    restore(mask);
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
    CHECK(wrecked == 1 && proctab[pid].prstate == PR_SLEEP);
    CHECK(send(pid, 2) == OK);
    await_end(pid);
    direction_flag();
    rule_done("R17");
    return OK;
}
