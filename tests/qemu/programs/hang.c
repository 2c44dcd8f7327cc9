/* Processes in every state, and one that hangs with interrupts masked, in a way that is typed in. Each names
 * its place by its function. */
#include <xinu.h>

static sid32 sem;

static process waits(void)
{
    return wait(sem);
}

static process reads(void)
{
    for (;;)
        kgetc(); /* once more after the Ctrl-D */
    return OK;
}

static process sleeps(void)
{
    return sleepms(5000);
}

static process receives(void)
{
    return receive();
}

static process recurses(uint32 depth)
{
    volatile uint32 below = depth == 0 ? suspend(getpid()) : recurses(depth - 1);
    return below + 1;
}

static process never_runs(void)
{
    return OK;
}

static void hang_masked(void)
{
    disable();
    for (;;)
        ;
}

/* An NMI finds no room for its frame. */
static void hang_on_full_stack(void)
{
    uint32 low = (uint32)proctab[currpid].prstkbase + 4 - proctab[currpid].prstklen;

    asm volatile("cli\n\t"
                 "movl %0, %%esp\n"
                 "1: jmp 1b"
                 :
                 : "r"(low + 4));
}

/* An NMI finds no interrupt table. */
static void hang_dead(void)
{
    static const struct {
        unsigned short limit;
        unsigned long base;
    } __attribute__((packed)) none = {0, 0};

    asm volatile("cli\n\t"
                 "lidt %0\n"
                 "1: jmp 1b"
                 :
                 : "m"(none));
}

process main(void)
{
    int32 way = kgetc();

    sem = semcreate(0);
    resume(create(waits, 4096, 30, "waits", 0));
    resume(create(reads, 4096, 30, "reads", 0));
    resume(create(sleeps, 4096, 30, "sleeps", 0));
    resume(create(receives, 4096, 30, "receives", 0));
    resume(create(recurses, 4096, 30, "recurses", 1, 100));
    resume(create(never_runs, 4096, 10, "never runs", 0));
    printf("hanging\n");
    switch (way) {
    case 'f':
        hang_on_full_stack();
    case 'd':
        hang_dead();
    }
    hang_masked();
    return OK;
}
