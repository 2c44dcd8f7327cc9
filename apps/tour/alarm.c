/*
 * alarm.c - the detour through clkdisp: a process spins with known registers; the clock interrupts it, its
 * alarm is due, and before it goes on it runs its callback
 */
#include "tour.h"

/* The stack from the callback's frame upwards, as cbfmanager has left it (high addresses come last). */
struct detour_stack {
    uint32 callers_ebp;
    uint32 return_address; /* into cbfmanager */
    uint32 claimed[2];     /* message callback, vacation: none here */
    uint32 pushal[8];
    uint32 ip, cs, ef;
    uint32 interrupted[1]; /* where ESP was, and will be */
};

static volatile int done;

/* What the observer has seen last: where the words stood, and a copy of them. */
static const struct detour_stack *observed;
static struct detour_stack before;

/* The same words while the clock handler of this process has been switched away from; NULL if it was
 * switched out elsewhere. clkdisp has no EBP of its own, so its frame begins right above clkhandler's. */
static const struct detour_stack *interrupted_stack(pid32 pid)
{
    const uint32 *saved = (const uint32 *)proctab[pid].prstkptr;
    const uint32 *of_resched = (const uint32 *)saved[SAVED_LINK];
    const uint32 *of_clkhandler = (const uint32 *)of_resched[FRAME_LINK];
    const uint32 *frame = &of_clkhandler[FRAME_RETURN + 1];
    uint32 offset;
    const char *caller = funcname(of_clkhandler[FRAME_RETURN], &offset);

    if (caller == NULL || strcmp(caller, "clkdisp") != 0)
        return NULL;
    return (const struct detour_stack *)((const char *)frame - offsetof(struct detour_stack, pushal));
}

/* Wakes at every tick, inside clkhandler(), before clkdisp asks whether the alarm is due. */
static process observer(pid32 pid)
{
    while (sleepms(1) == OK && proctab[pid].pralarmreg) {
        observed = interrupted_stack(pid);
        if (observed != NULL)
            before = *observed;
    }
    return OK;
}

static void on_alarm(void)
{
    static const char *const registers[8] = {"8 EDI", "7 ESI", "6 EBP", "5 ESP (popal skips it)",
                                             "4 EBX", "3 EDX", "2 ECX", "1 EAX"};
    const struct detour_stack *stack = __builtin_frame_address(0);
    int i;

    kprintf(
        "  The callback runs, at msec %u. Its process's stack, low addresses first, as clkhandler left it "
        "and now:\n",
        clkcountermsec);
    show_change(&stack->callers_ebp, before.callers_ebp, "was the handler's, now EBP, saved by the callback");
    show_change(&stack->return_address, before.return_address,
                "was the handler's, now the callback's return address");
    show_change(&stack->claimed[0], before.claimed[0],
                "was EBP, saved by clkhandler, now the claimed message callback: none");
    show_change(&stack->claimed[1], before.claimed[1],
                "was clkhandler's return address, now the claimed vacation: none");
    for (i = 0; i < 8; i++)
        show_change(&stack->pushal[i], before.pushal[i], registers[i]);
    show_change(&stack->ip, before.ip, "IP, where the clock interrupted");
    show_change(&stack->cs, before.cs, "CS");
    show_change(&stack->ef, before.ef, "EF, the flags");
    show_change(&stack->interrupted[0], before.interrupted[0], "<- ESP before and after the detour");
    if (observed != stack)
        kprintf("  But the observer has not seen this tick, so the left column means nothing.\n");
    done = TRUE;
}

/* Spins until the callback has run, with values in the registers that the picture shows. Answers ESP, before
 * and after. */
static void spin(uint32 *esp_before, uint32 *esp_after)
{
    asm volatile("movl $0x11111111, %%ebx\n\t"
                 "movl $0x22222222, %%ecx\n\t"
                 "movl $0x33333333, %%edx\n\t"
                 "movl $0x44444444, %%esi\n\t"
                 "movl $0x55555555, %%edi\n\t"
                 "pushl $0\n\t"
                 "movl %%esp, (%%esp)\n"
                 "1:\tcmpl $0, %2\n\t"
                 "je 1b\n\t"
                 "movl %%esp, %1\n\t"
                 "popl %0"
                 : "=&a"(*esp_before), "=&r"(*esp_after)
                 : "m"(done)
                 : "ebx", "ecx", "edx", "esi", "memory", "cc");
}

void show_alarm_detour(void)
{
    uint32 esp_before, esp_after;

    kprintf(
        "\n1. An alarm: the detour through clkdisp.S\n"
        "  cbsignal(CB_ALARM, on_alarm, 5) at msec %u; then the process spins. At every tick an observer\n"
        "  wakes, inside clkhandler, and copies the spinning process's stack.\n",
        clkcountermsec);
    cbsignal(CB_ALARM, on_alarm, 5);
    resume(create(observer, 8192, INITPRIO + 10, "observer", 1, getpid()));
    spin(&esp_before, &esp_after);
    kprintf(
        "  1..8 were pushed by clkdisp's pushal, IP CS EF by the CPU: these eleven words are unchanged.\n"
        "  clkdisp put EF CS cbfmanager below them, where the three words below 8 EDI now stand, and its\n"
        "  iret consumed these three: so the process found itself in cbfmanager.\n"
        "  The process is back in its loop: ESP was %08x and is %08x.\n",
        esp_before, esp_after);
}
