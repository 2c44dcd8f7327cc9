/* A data race: two processes add to one number without a lock. An interrupt between the load and the store
 * loses sums. */
#include <xinu.h>

#define ADDITIONS 3000000

static volatile uint32 sum;
static volatile int adding = 2;

static process adder(void)
{
    for (int i = 0; i < ADDITIONS; i++)
        sum = sum + 1;
    adding--;
    return OK;
}

process main(void)
{
    resume(create(adder, 4096, INITPRIO - 1, "adder", 0));
    resume(create(adder, 4096, INITPRIO - 1, "adder", 0));
    while (adding > 0)
        sleepms(5);
    kprintf("%u of %u\n", sum, 2 * ADDITIONS);
    return OK;
}
