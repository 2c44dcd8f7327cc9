/* bench.h - measurements in instructions; run with one TSC tick an instruction (make bench) */
#ifndef BENCH_H
#define BENCH_H

#include <xinu.h>

/* A crowd of n processes of that priority, all running body. FALSE, and none, if memory or the table do not
 * suffice. */
int crowd_assemble(uint32 n, process (*body)(void), pri16 priority);
void crowd_disperse(void);

/* One switch among n processes of equal priority that take turns; 0 if there cannot be that many. */
uint32 cost_of_switch(uint32 n);

/* Beside n sleepers: from a call of sleepms() until the next process runs, and from its last turn until the
 * return. */
int cost_of_sleep(uint32 n, uint32 *going, uint32 *coming);

/* Of a clock interrupt that changes nothing; of one that runs an empty callback; of an empty callback on a
 * sleepms(). */
uint32 cost_of_tick(void);
uint32 cost_of_alarm_detour(void);
uint32 cost_of_return_detour(void);

#endif
