/* stops.c - what tasks 2, 3 and 6 ask about. They are checks too: what they print is no secret. */
#include "stacks.h"

#include <timing.h>

static sid32 gate;
static uint32 result;

static void spin_rounds(uint32 rounds)
{
    while (rounds-- > 0)
        result = result * 1664525 + 1013904223;
}

static uint32 innermost_call(uint32 a, uint32 b)
{
    wait(gate);
    kputc('0' + a % 10);
    kputc('\n');
    spin_rounds(400000);
    return a ^ b;
}

static uint32 middle_call(uint32 depth, uint32 value)
{
    if (depth > 1)
        return middle_call(depth - 1, value + 1) + 1;
    return innermost_call(value, depth + value);
}

static void outer_call(uint32 depth, uint32 value)
{
    result += middle_call(depth, value);
}

/* The process of the four stops. */
void check_stops(void)
{
    pid32 pid;

    gate = semcreate(1);
    pid = create(outer_call, STACK, PRIORITY_ABOVE, "outer", 2, given(0, 1, 6), given(1, 1000, 9000));
    resume(pid);
    report("%s", isbadpid(pid) ? "it has ended" : "it is still there");
}

static uint32 length;

static void measures(uint32 rounds)
{
    static char copy[64];

    while (rounds-- > 0) {
        memcpy(copy, "the length of this", 19);
        length += strlen(copy);
        if (rounds % 16 == 0)
            yield();
    }
}

static void naps(uint32 rounds)
{
    while (rounds-- > 0)
        sleepms(2);
}

static void pass_rounds(uint32 rounds)
{
    while (rounds-- > 0) {
        wait(gate);
        signal(gate);
        if (rounds % 16 == 0)
            yield();
    }
}

/* Three processes with much to do in the kernel, and one that has nothing to do with it. */
void check_moments(void)
{
    pid32 pid[4];
    uint32 i;

    gate = semcreate(1);
    chprio(getpid(), PRIORITY_ABOVE + 1);
    pid[0] = create(measures, STACK, PRIORITY_ABOVE, "measures", 1, 4000);
    pid[1] = create(naps, STACK, PRIORITY_ABOVE, "naps", 1, 20);
    pid[2] = create(pass_rounds, STACK, PRIORITY_ABOVE, "passes", 1, 4000);
    pid[3] = create(spin_rounds, STACK, PRIORITY_ABOVE, "spins", 1, 400000);
    for (i = 0; i < 4; i++)
        resume(pid[i]);
    chprio(getpid(), INITPRIO);
    while (!isbadpid(pid[0]) || !isbadpid(pid[1]) || !isbadpid(pid[2]) || !isbadpid(pid[3]))
        sleepms(1);
    report("length %u", length);
}

/* A ring-3 process that makes one system call. */
void check_ring3(void)
{
    char call[12], value[12];

    snprintf(call, sizeof call, "%u", given(0, 0, 4));
    snprintf(value, sizeof value, "%u", given(1, 100, 400));
    resume(upcreate("ring3", PRIORITY_ABOVE, 3, "ring3", call, value));
    sleepms(500);
}
