/*
 * bench - what a switch, a sleep, a detour and so on cost, and how that grows with the number of processes
 */
#include "bench.h"

process main(void)
{
    uint32 now = counter();

    kprintf("boot: QEMU's start to main: %u\n", now);
    measure_switches();
    measure_round_trips();
    measure_processes();
    measure_memory();
    measure_sleep();
    measure_interrupts();
    measure_reference();
    measure_instructions();
    /* The last: QEMU is slow in writing to memory in which it has translated code, as long as it keeps that. */
    measure_null_calls();
    return OK;
}
