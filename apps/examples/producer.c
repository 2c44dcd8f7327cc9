/* producer.c - a producer and a consumer share a buffer of two places, kept apart by two semaphores */
#include <xinu.h>

#define PLACES 2
#define ITEMS 6

static int32 buffer[PLACES];
static sid32 empty, full, done; /* places that are empty, that are full; the consumer's end */

static process produce(void)
{
    int32 i;

    for (i = 1; i <= ITEMS; i++) {
        wait(empty);
        buffer[i % PLACES] = i * i;
        printf("produced %d\n", i * i);
        signal(full);
    }
    return OK;
}

static process consume(void)
{
    int32 i;

    for (i = 1; i <= ITEMS; i++) {
        wait(full);
        printf("          consumed %d\n", buffer[i % PLACES]);
        signal(empty);
    }
    signal(done);
    return OK;
}

process main(void)
{
    empty = semcreate(PLACES);
    full = semcreate(0);
    done = semcreate(0);
    resume(create(produce, 4096, INITPRIO, "producer", 0));
    resume(create(consume, 4096, INITPRIO, "consumer", 0));
    wait(done);
    semdelete(empty);
    semdelete(full);
    semdelete(done);
    return OK;
}
