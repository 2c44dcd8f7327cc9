/* interrupt.c - the costs of a clock interrupt and of the detours */
#include "bench.h"

static void empty_callback(void) {}

static void tick_once(void)
{
    TICK();
}

static void signal_alarm(void)
{
    cbsignal(CB_ALARM, empty_callback, 0);
}

static void take_vacation(void)
{
    dreamvac(empty_callback);
}

static void sleep_0(void)
{
    sleepms(0);
}

uint32 callback_began; /* TSC */

/* A callback whose first instruction reads the TSC. */
static __attribute__((naked)) void read_counter(void)
{
    asm("rdtsc\n\t"
        "movl %eax, callback_began\n\t"
        "ret");
}

/* From the first instruction of the handler to the last one before the callback. */
static uint32 latency(void)
{
    uint32 before, best = ~0u;
    int round;

    begin_undisturbed();
    for (round = 0; round < ROUNDS; round++) {
        cbsignal(CB_ALARM, read_counter, 0);
        asm volatile("rdtsc\n\tint $32" : "=a"(before) : : "ecx", "edx", "memory");
        before = callback_began - before - 1 - TICK_CALL; /* and the first rdtsc */
        if (before < best)
            best = before;
    }
    return best;
}

void measure_interrupts(void)
{
    uint32 bare = cost_of(tick_once, NULL);
    uint32 direct = cost_of(sleep_0, NULL);

    kprintf("detour: cbsignal: %u\n", cost_of(signal_alarm, tick_once)); /* the tick runs the callback */
    kprintf("detour: clock interrupt that changes nothing: %u\n", bare - TICK_CALL);
    kprintf("detour: empty alarm callback, in addition: %u\n", cost_of(tick_once, signal_alarm) - bare);
    kprintf("detour: interrupt to the alarm callback's first instruction: %u\n", latency());
    kprintf("detour: empty callback on the return of sleepms, in addition: %u\n",
            cost_of(sleep_0, take_vacation) - direct);
}
