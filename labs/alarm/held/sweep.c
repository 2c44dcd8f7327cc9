/*
 * sweep.c - task 6: one clock interrupt at each instruction, before, in and behind a callback (see one_shot() of
 * timing.h)
 */
#include <alarm.h>

#define BEFORE 300 /* runs, each with one period more: longer than work(), and what follows */
#define BEHIND 600

static volatile int calls, depth, deepest;
static volatile uint32 behind; /* periods from the callback to the second interrupt; 0: there is none */
static uint32 results;

/* Computes with registers, carry, a compare and its jump, the stack, and a string instruction that runs backwards. */
uint32 sweep_work(void);
asm(".pushsection .text\n"
    "sweep_work:\n\t"
    "pushl %ebx\n\t"
    "pushl %esi\n\t"
    "movl lab_given+24, %eax\n\t" /* number[0], [1], [2] */
    "movl lab_given+28, %ecx\n\t"
    "movl lab_given+32, %edx\n\t"
    "addl %ecx, %eax\n\t"
    "adcl %edx, %edx\n\t"
    "xorl %edx, %eax\n\t"
    "cmpl %ecx, %eax\n\t"
    "ja 1f\n\t"
    "notl %eax\n"
    "1:\tpushl %eax\n\t"
    "rorl $7, %eax\n\t"
    "addl (%esp), %eax\n\t"
    "leal 4(%esp), %esp\n\t"
    "movl %eax, %ebx\n\t"
    "movl $lab_given+52, %esi\n\t" /* number[7] */
    "std\n\t"
    "lodsl\n\t"
    "lodsl\n\t" /* number[6] */
    "cld\n\t"
    "addl %ebx, %eax\n\t"
    "subl %ecx, %eax\n\t"
    "popl %esi\n\t"
    "popl %ebx\n\t"
    "ret\n"
    ".popsection");
_Static_assert(__builtin_offsetof(struct given, number) == 24, "sweep_work() knows where the numbers are");

static void on_alarm(void)
{
    int level = ++depth;

    calls++;
    if (level > deepest)
        deepest = level;
    if (behind != 0) {
        uint32 periods = behind;
        behind = 0;
        cbsignal(CB_ALARM, on_alarm, 0);
        one_shot(periods);
        sweep_work();
    }
    depth--;
}

/* One run: an alarm, and the interrupt so many periods later, somewhere in work() or behind it. */
static void run(uint32 periods)
{
    uint32 begun = clkcountermsec;

    cbsignal(CB_ALARM, on_alarm, 0);
    one_shot(periods);
    results += sweep_work();
    while (clkcountermsec == begun)
        ;
}

void check_sweep(void)
{
    uint32 i;

    for (i = 1; i <= BEFORE; i++)
        run(i);
    report("before the callback: results %08x, callbacks %d", results, calls);

    results = calls = 0;
    for (i = 1; i <= BEHIND; i++) {
        int before = calls;
        behind = i;
        run(i % 50 + 1);
        while (calls < before + 2) /* the second is due, and perhaps the clock has not come yet */
            await_tick(200);
    }
    report("in the callback and behind it: results %08x, callbacks %d, at most %d at a time", results, calls, deepest);
}
