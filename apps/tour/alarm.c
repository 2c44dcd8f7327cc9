/*
 * alarm.c - the detour through clkdisp: a process spins with known registers; the clock interrupts it, its
 * alarm is due, and before it goes on it runs its callback
 */
#include "tour.h"

static volatile int done;

/* The stack from the callback's frame upwards, as cbfmanager has left it (high addresses come last). */
struct detour_stack {
    uint32 callers_ebp;
    uint32 return_address; /* into cbfmanager */
    uint32 claimed[2];     /* message callback, vacation: none here */
    uint32 pushal[8];
    uint32 ip, cs, ef;
    uint32 interrupted[1]; /* where ESP was, and will be */
};

static void on_alarm(void)
{
    static const char *const registers[8] = {"8 EDI", "7 ESI", "6 EBP", "5 ESP (popal skips it)",
                                             "4 EBX", "3 EDX", "2 ECX", "1 EAX"};
    const struct detour_stack *stack = __builtin_frame_address(0);
    int i;

    kprintf("  The callback runs, at msec %u. Its process's stack, low addresses first:\n", clkcountermsec);
    show_word(&stack->callers_ebp, "EBP, saved by the callback");
    show_word(&stack->return_address, "where the callback returns to");
    show_word(&stack->claimed[0], "claimed message callback: none");
    show_word(&stack->claimed[1], "claimed vacation: none");
    for (i = 0; i < 8; i++)
        show_word(&stack->pushal[i], registers[i]);
    show_word(&stack->ip, "IP, where the clock interrupted");
    show_word(&stack->cs, "CS");
    show_word(&stack->ef, "EF, the flags");
    show_word(&stack->interrupted[0], "<- ESP before and after the detour");
    kprintf("  1..8 were pushed by clkdisp's pushal, IP CS EF by the CPU. clkdisp then put EF CS cbfmanager "
            "below\n"
            "  them, and its iret consumed these three: so the process found itself in cbfmanager.\n");
    done = TRUE;
}

/* Spins until the callback has run, with values in the registers that the picture shows. Answers ESP, before
 * and after. */
static void spin(uint32 *before, uint32 *after)
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
                 : "=&a"(*before), "=&r"(*after)
                 : "m"(done)
                 : "ebx", "ecx", "edx", "esi", "memory", "cc");
}

void show_alarm_detour(void)
{
    uint32 before, after;

    kprintf("\n1. An alarm: the detour through clkdisp.S\n"
            "  cbsignal(CB_ALARM, on_alarm, 5) at msec %u; then the process spins.\n",
            clkcountermsec);
    cbsignal(CB_ALARM, on_alarm, 5);
    spin(&before, &after);
    kprintf("  The process is back in its loop: ESP was %08x and is %08x.\n", before, after);
}
