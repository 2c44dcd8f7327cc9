/* processes.c - the cost of a process's life */
#include "bench.h"

static pid32 child;

static process ends(void)
{
    return OK;
}

static void make(void)
{
    child = create(ends, STACK, INITPRIO - 1, "child", 0);
}

static void discard(void) /* also the message of the child's end: a second one would not be delivered */
{
    kill(child);
    recvclr();
}

static void forget(void)
{
    recvclr();
}

static void live_and_be_killed(void)
{
    pid32 pid = create(ends, STACK, INITPRIO - 1, "child", 0);
    resume(pid);
    kill(pid);
}

static void live_to_the_end(void)
{
    resume(create(ends, STACK, INITPRIO + 1, "child", 0));
}

void measure_processes(void)
{
    make();
    kprintf("process: create: %u\n", cost_of(make, discard));
    discard();
    kprintf("process: create, resume, and kill before it runs: %u\n", cost_of(live_and_be_killed, forget));
    kprintf("process: create, resume, and it runs to its end: %u\n", cost_of(live_to_the_end, forget));
    forget();
}
