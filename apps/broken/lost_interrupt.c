/* lost_interrupt.c - a small mailbox that interrupts must not see half changed; then a look at the clock */
#include <xinu.h>

#define PLACES 4

static umsg32 places[PLACES];
static int used;

static syscall put(umsg32 message)
{
    intmask mask = disable();

    if (used == PLACES)
        return SYSERR;
    places[used++] = message;
    restore(mask);
    return OK;
}

static void wait_until(uint32 msec)
{
    while (clkcountermsec < msec)
        ;
}

process main(void)
{
    int refused = 0;

    for (umsg32 message = 1; message <= 5; message++)
        if (put(message) == SYSERR)
            refused++;
    printf("%d in the mailbox, %d refused, at msec %u\n", used, refused, clkcountermsec);
    wait_until(100);
    printf("msec 100 has come\n");
    return OK;
}
