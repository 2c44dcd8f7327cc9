/* ticks_lost.c - interrupts masked for so long that the clock loses ticks: what tools/run/latency.py is to find */
#include <xinu.h>

#define PERIOD 124981 /* instructions between two ticks, at 8 nanoseconds each: 1193 / 1.193182 MHz */

/* Masked for 3.5 periods from a tick on: the timer pulses three times, of which one counts. */
void masked_for_periods(void)
{
    intmask mask;

    asm volatile("hlt");
    mask = disable();
    asm volatile("1: decl %0; jnz 1b" : : "r"(PERIOD * 7 / 4) : "cc"); /* two instructions in each round */
    restore(mask);
}

/* The clock's handler twice more, without a pulse. */
static void ticks_by_software(void)
{
    asm volatile("int $32; int $32" : : : "memory");
}

process main(void)
{
    masked_for_periods();
    ticks_by_software();
    printf("%u ticks counted\n", clkcountermsec);
    return OK;
}
