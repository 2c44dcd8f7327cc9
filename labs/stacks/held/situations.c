/* situations.c - task 4: suspended processes, the caller itself, and damaged stacks */
#include <stacks.h>
#include <timing.h>
#include <xinu/saved_stack.h>

static void suspends_itself(void)
{
    suspend(getpid());
}

static void computes(void)
{
    for (;;)
        ;
}

void check_suspended(void)
{
    pid32 itself = create(suspends_itself, STACK, PRIORITY_ABOVE, "itself", 0);
    pid32 other = create(computes, STACK, INITPRIO - 1, "other", 0);

    resume(itself);
    report("by itself: %d", inkernel(itself));
    resume(other);
    sleepms(given(0, 3, 20));
    suspend(other);
    report("by another, while it was ready: %d", inkernel(other));
    kill(itself);
    kill(other);
}

static int of_itself(uint32 *where)
{
    return callers(getpid(), where, 8);
}

void check_itself(void)
{
    uint32 where[8], offset;
    int count = of_itself(where), i;

    report("itself: %d", inkernel(getpid()));
    for (i = 0; i < count; i++)
        report("%s", funcname(where[i] - 1, &offset));
}

static void sleeps(uint32 depth)
{
    if (depth > 1)
        sleeps(depth - 1);
    else
        sleepms(400);
}

/* The word is the saved EBP of sleepms() or of a function of the process: overwritten, asked about, and restored. */
static void try(pid32 pid, uint32 *word, uint32 value, const char *what)
{
    uint32 where[4], before = *word;
    int kernel, count;

    *word = value;
    kernel = inkernel(pid);
    count = callers(pid, where, 4);
    *word = before;
    report("%s: %d %d", what, kernel, count);
}

void check_damaged(void)
{
    pid32 pid = create(sleeps, STACK, PRIORITY_ABOVE, "sleeps", 1, 4);
    uint32 up = given(0, 1, 4), *frame;

    resume(pid);
    frame = (uint32 *)proctab[pid].prstkptr + SAVED_LINK;
    while (up-- > 0)
        frame = (uint32 *)frame[FRAME_LINK];
    try(pid, frame, (uint32)frame, "to itself");
    try(pid, frame, (uint32)proctab[pid].prstkptr, "downwards");
    try(pid, frame, frame[FRAME_LINK] + 2, "not aligned");
    try(pid, frame, 0, "0");
    try(pid, frame, 0xfffffffc, "the highest word of all");
    try(pid, frame, (uint32)proctab[pid].prstkbase + 4, "behind the stack");
    try(pid, frame, (uint32)proctab[currpid].prstkbase, "the end of another stack");
    report("as it was: %d", inkernel(pid));
    report("no such process: %d %d", inkernel(-1), inkernel(NPROC));
    kill(pid);
}
