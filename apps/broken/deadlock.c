/* deadlock.c - two accounts, a semaphore for each, and two processes that move money between them */
#include <xinu.h>

struct account {
    sid32 lock;
    int32 money;
};

static struct account alice = {.money = 100}, bob = {.money = 100};

static process transfer(struct account *from, struct account *to, int32 amount)
{
    for (int i = 0; i < 10; i++) {
        wait(from->lock);
        int32 left = from->money - amount;
        sleepms(1); /* the bank thinks */
        wait(to->lock);
        from->money = left;
        to->money += amount;
        signal(to->lock);
        signal(from->lock);
    }
    printf("%s is done\n", proctab[getpid()].prname);
    return OK;
}

process main(void)
{
    alice.lock = semcreate(1);
    bob.lock = semcreate(1);
    resume(create(transfer, 8192, INITPRIO, "alice to bob", 3, &alice, &bob, 7));
    resume(create(transfer, 8192, INITPRIO, "bob to alice", 3, &bob, &alice, 5));
    printf("main has started both\n");
    return OK;
}
