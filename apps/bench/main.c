/*
 * bench - the costs of a switch, a sleep and a detour, and how they grow with the number of processes
 */
#include "bench.h"

static const uint32 crowds[] = {10, 100, 1000, 10000};

process main(void)
{
    uint32 going, coming;
    int i;

    kprintf("Instructions; NPROC is %d.\n", NPROC);
    kprintf("processes   switch (yield)   sleepms() to next process   wake-up to return\n");
    for (i = 0; i < 4; i++) {
        uint32 cost = cost_of_switch(crowds[i]);
        if (cost == 0 || !cost_of_sleep(crowds[i], &going, &coming))
            break; /* the process table is too small */
        kprintf("%9u   %14u   %25u   %17u\n", crowds[i], cost, going, coming);
    }
    kprintf("clock interrupt that changes nothing: %u\n", cost_of_tick());
    kprintf("clock interrupt with an alarm detour through an empty callback: %u\n", cost_of_alarm_detour());
    kprintf("detour through an empty callback on the return of sleepms(): %u\n", cost_of_return_detour());
    resume(upcreate("costs", INITPRIO, 1, "costs")); /* measures the costs in ring 3 */
    return OK;
}
