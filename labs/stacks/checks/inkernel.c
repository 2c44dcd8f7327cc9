/* inkernel.c - task 4: processes in all situations */
#include "stacks.h"

#include <timing.h>

static sid32 never;
static char buffer[512];

static void sleeps(uint32 depth)
{
    if (depth > 1)
        sleeps(depth - 1);
    else
        sleepms(400);
}

static void waits(void)
{
    wait(never);
}

static void computes(void)
{
    volatile uint32 n = 0;

    for (;;)
        n++;
}

static void copies(void)
{
    for (;;)
        memmove(buffer, buffer + 1, sizeof buffer - 1);
}

/* Creates a process, lets it run for some msec if it does not wait, and returns its id. */
static pid32 in_situation(void *function, uint32 argument)
{
    pid32 pid = create(function, STACK, INITPRIO - 1, "situation", 1, argument);

    resume(pid);
    sleepms(given(0, 3, 20));
    return pid;
}

void check_asleep(void)
{
    pid32 pid = in_situation(sleeps, given(1, 1, 5));

    report("asleep in %u calls: %d", given(1, 1, 5), inkernel(pid));
    kill(pid);
    report("when it has ended: %d", inkernel(pid));
}

void check_waiting(void)
{
    pid32 pid;

    never = semcreate(0);
    pid = in_situation(waits, 0);
    report("waiting, since msec %u or so: %d", given(0, 3, 20), inkernel(pid));
    kill(pid);
}

void check_new(void)
{
    pid32 pid = create(computes, STACK, INITPRIO, "new", 0);

    report("created with priority %d, then %d", INITPRIO, given(0, 1, INITPRIO - 1));
    report("created: %d", inkernel(pid));
    chprio(pid, given(0, 1, INITPRIO - 1));
    resume(pid);
    report("ready: %d", inkernel(pid));
    kill(pid);
}

void check_preempted(void)
{
    pid32 one = in_situation(computes, 0), two = in_situation(copies, 0);

    report("computing, for %u msec: %d", given(0, 3, 20), inkernel(one));
    report("in a library function: %d", inkernel(two));
    kill(one);
    kill(two);
}

static void report_callers(pid32 pid)
{
    uint32 where[16], offset;
    int count, i;

    count = callers(pid, where, 16);
    for (i = 0; i < count && i < 16; i++) {
        const char *name = funcname(where[i] - 1, &offset);

        report("%s", name == NULL ? "no code" : name);
    }
    report("%d callers", count);
}

void check_callers(void)
{
    pid32 pid = in_situation(sleeps, given(1, 1, 5));
    uint32 two[3] = {0, 0, 12345};
    int count;

    report_callers(pid);
    count = callers(pid, two, 2);
    report("with room for two: %d callers, and the third word is %u", count, two[2]);
    kill(pid);
}
