/* ring3.c - what task 5 asks about. It is a check, too: what it prints is no secret. */
#include "hijacked.h"

#include <xinu/userspace.h>

/* What ring3.c does. */
#define PLANT 0
#define SLEEP 3

/* Words of the kernel stack of a process that is not in ring 3, below prstkbase: see arch/x86/entry/frames.h. */
#define FRAME_ESP (-4)
#define STUB_SAVED 4 /* registers that a stub of the library (user/lib/stubs.S) has pushed */

static pid32 start_ring3(uint32 way, uint32 about)
{
    char texts[3][12];
    pid32 pid;

    snprintf(texts[0], sizeof texts[0], "%u", way);
    snprintf(texts[1], sizeof texts[1], "%010u", about);
    snprintf(texts[2], sizeof texts[2], "%02u", given(4, 2, 9));
    pid = upcreate("ring3", PRIORITY_ABOVE, 4, "ring3", texts[0], texts[1], texts[2]);
    resume(pid);
    return pid;
}

/* A word with which one could lead the process astray, if its stack cannot be reached. */
static uint32 other_word(pid32 victim)
{
    const struct procent *process = &proctab[victim];
    const struct publicentry *window = (struct publicentry *)USER_WINDOW_TABLE;

    switch (given(2, 0, 2)) {
    case 0: /* its callback, in the kernel's process table */
        return (uint32)&process->prcbf2;
    case 1: /* the same in the window, which ring 3 can read */
        return (uint32)&window[victim].prcbf2;
    default: /* where its stack would go on, if it were longer */
        return (uint32)process->prstkbase - process->prstklen;
    }
}

/* The address in ring 3 of the word by which the sleepms() of this sleeper returns. */
static uint32 word_in_ring3(pid32 sleeper)
{
    return ((uint32 *)proctab[sleeper].prstkbase)[FRAME_ESP] + STUB_SAVED * sizeof(uint32);
}

/*
 * One process of ring 0 sleeps, and one of ring 3. Three others of ring 3, one after the other, try to lead them
 * elsewhere.
 */
void check_ring3(void)
{
    pid32 others[5], victim, asleep;
    uint32 count = given(3, 0, 5), i;

    for (i = 0; i < count; i++)
        others[i] = waiting_victim();
    victim = start_victim(0, 1000000);
    asleep = start_ring3(SLEEP, 1000000);
    start_ring3(given(1, 0, 2), (uint32)((uint32 *)proctab[victim].prstkptr + SAVED_RETURN));
    start_ring3(PLANT, other_word(victim));
    start_ring3(PLANT, word_in_ring3(asleep));
    stackshow(asleep);
    end_victim(asleep);
    end_victim(victim);
    for (i = 0; i < count; i++)
        end_victim(others[i]);
}
