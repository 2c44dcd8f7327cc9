/*
 * alarm.c - the detour through clkdisp: a process spins with known registers; the clock interrupts it, its alarm is
 * due, and it runs its callback before it resumes
 */
#include "tour.h"

#define BELOW 4                 /* words below the interrupt frame, which cbfmanager and the callback will use */
#define COPIED (BELOW + 11 + 1) /* the frame: eight registers, EIP, CS, EFLAGS; and the word at ESP */

static volatile int done;

/* The last observation: the address of the words, and a copy of them. */
static const uint32 *observed;
static uint32 before[COPIED];

/* The frame of the clock interrupt of a process that is switched out inside its clock handler; NULL if it was
 * switched out elsewhere. clkdisp has no EBP of its own, so its frame begins right above clkhandler's. */
static const uint32 *interrupt_frame(pid32 pid)
{
    const uint32 *saved = (const uint32 *)proctab[pid].prstkptr;
    const uint32 *of_resched = (const uint32 *)saved[SAVED_LINK];
    const uint32 *of_clkhandler = (const uint32 *)of_resched[FRAME_LINK];
    uint32 offset;
    const char *caller = funcname(of_clkhandler[FRAME_RETURN], &offset);

    if (caller == NULL || strcmp(caller, "clkdisp") != 0)
        return NULL;
    return &of_clkhandler[FRAME_RETURN + 1];
}

/* Wakes at every tick, inside clkhandler(), before clkdisp asks whether the alarm is due. */
static process observer(pid32 pid)
{
    while (sleepms(1) == OK && proctab[pid].pralarmreg) {
        const uint32 *frame = interrupt_frame(pid);

        if (frame == NULL)
            continue;
        observed = frame - BELOW;
        memcpy(before, observed, sizeof before);
    }
    return OK;
}

static void on_alarm(void)
{
    kprintf("  The callback runs, at msec %u. Its process's stack: address, word as clkhandler left it, word "
            "now.\n",
            clkcountermsec);
    stackcompare(getpid(), observed, before, COPIED);
    done = TRUE;
}

/* Spins until the callback has run, with the register values that the picture shows. Returns ESP before and
 * after. */
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

    kprintf("\n1. An alarm: the detour through clkdisp.S\n"
            "  cbsignal(CB_ALARM, on_alarm, 5) at msec %u; then the process spins. At every tick an observer\n"
            "  wakes, inside clkhandler, and copies the spinning process's stack.\n",
            clkcountermsec);
    done = FALSE;
    cbsignal(CB_ALARM, on_alarm, 5);
    resume(create(observer, 8192, INITPRIO + 10, "observer", 1, getpid()));
    spin(&esp_before, &esp_after);
    kprintf("  EDI to EAX were pushed by clkdisp's pushal, EIP CS EFLAGS by the CPU: these eleven words are\n"
            "  unchanged. clkdisp put EFLAGS CS cbfmanager below them, where the two claimed callbacks and the\n"
            "  return address now stand, and its iret consumed these three: so the process found itself in\n"
            "  cbfmanager.\n"
            "  The process is back in its loop: ESP was %08x and is %08x.\n",
            esp_before, esp_after);
}
