/*
 * bench.h - measurements by the TSC: of instructions, on a machine whose TSC advances by one with each (make bench), or
 * of real time (make bench REAL=1)
 *
 * Each measurement prints its rows, one a line: `group: what is measured: ticks`. tools/check/bench.py reads them.
 */
#ifndef BENCH_H
#define BENCH_H

#include <xinu.h>

#define STACK 4096 /* bytes, of each process that takes part */

/* Of each measurement the least counts. In instructions a few rounds would do: every second clock interrupt also ends a
 * time slice. In real time, interrupts of the host and its other work disturb most of them. */
#define ROUNDS 200

/* The low word of the TSC. */
static inline __attribute__((always_inline)) uint32 counter(void)
{
    uint32 low;
    asm volatile("rdtsc" : "=a"(low) : : "edx", "memory");
    return low;
}

/*
 * The clock interrupt, begun by an instruction: the CPU pushes the same frame and enters the same handler, but at a
 * known place. So the figures are exact, and no time is spent waiting for the timer.
 */
#define TICK() asm volatile("int $32" : : : "memory") /* a function at -O0 would add a nop */
#define TICK_CALL 1 /* the int instruction itself, which a real interrupt does not have */

/* Waits for a real clock interrupt. The next one is a million instructions away, so none disturbs what follows. */
static inline __attribute__((always_inline)) void begin_undisturbed(void)
{
    asm volatile("hlt" : : : "memory");
}

/* Two readings of the counter with nothing between them, the least of ROUNDS. */
uint32 cost_of_reading(void);

/* What work() executes, without its own call and frame: the least of ROUNDS. Each round begins with a call of before(),
 * which is not counted; NULL: nothing. */
uint32 cost_of(void (*work)(void), void (*before)(void));

/* Creates n processes of this priority, all running body. Returns FALSE, with none created, if memory or the
 * table do not suffice. */
int crowd_assemble(uint32 n, process (*body)(void), pri16 priority);
void crowd_disperse(void);

void measure_null_calls(void); /* in ring 3: user/programs/costs.c */
void measure_switches(void);
void measure_round_trips(void);
void measure_processes(void);
void measure_memory(void);
void measure_sleep(void);
void measure_interrupts(void);
void measure_reference(void);
void measure_instructions(void);

#endif
