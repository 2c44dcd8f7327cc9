/* Counts rounds until a fixed time: any skew between the clock and the instructions shows in the number. */
#include <xinu.h>

static volatile uint32 rounds;

static void finished(void)
{
    kprintf("%u rounds\n", rounds);
}

process main(void)
{
    while (clkcountermsec < 60)
        rounds++;
    finished();
    return OK;
}
