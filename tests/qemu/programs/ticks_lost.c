/* ticks_lost.c - interrupts masked for so long that the clock loses ticks: what tools/run/latency.py is to find */
#include <xinu.h>

#define PERIOD 124981 /* instructions between two ticks, at 8 nanoseconds each: 1193 / 1.193182 MHz */

/* Masked for 3.5 periods from a tick on: the timer pulses three times, of which one counts. Behind the popfl, unlike
 * behind an sti, a clock interrupt is taken before any other instruction. */
void masked_for_periods(void)
{
    asm volatile("hlt");
    asm volatile("pushfl\n\t"
                 "cli\n"
                 "1:\tdecl %0\n\t" /* two instructions in each round */
                 "jnz 1b\n\t"
                 "popfl"
                 :
                 : "r"(PERIOD * 7 / 4)
                 : "cc", "memory");
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
