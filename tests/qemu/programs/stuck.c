/* A deadlock: every process waits for another. */
#include <xinu.h>

static process receiver(void)
{
    return receive();
}

process main(void)
{
    sid32 sem = semcreate(0);
    resume(create(receiver, 4096, 20, "receiver", 0));
    create(receiver, 4096, 20, "asleep", 0);
    sleepms(20); /* not yet */
    kprintf("now\n");
    wait(sem);
    return OK;
}
