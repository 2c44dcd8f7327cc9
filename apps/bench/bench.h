/* bench.h - measurements in instructions; run with one TSC tick per instruction (make bench) */
#ifndef BENCH_H
#define BENCH_H

#include <xinu.h>

/* Creates n processes of this priority, all running body. Returns FALSE, with none created, if memory or the
 * table do not suffice. */
int crowd_assemble(uint32 n, process (*body)(void), pri16 priority);
void crowd_disperse(void);

/* One switch among n processes of equal priority that take turns; 0 if there cannot be that many. */
uint32 cost_of_switch(uint32 n);

/* With n other sleepers: from the call of sleepms() until the next process runs, and from the last turn of
 * that process until sleepms() returns. Returns FALSE if there cannot be that many. */
int cost_of_sleep(uint32 n, uint32 *going, uint32 *coming);

/* The costs of a clock interrupt that changes nothing; of one that runs an empty callback; of an empty
 * callback at a return of sleepms(). */
uint32 cost_of_tick(void);
uint32 cost_of_alarm_detour(void);
uint32 cost_of_return_detour(void);

#endif
