/* inkernel.c - task 4: what the stack of a process tells */
#include <stacks.h>
#include <xinu/saved_stack.h>

// [lab stacks 4
#define INTERRUPTED_EIP 10 /* words above the frame of clkhandler(), behind what pushal pushed */

/* Follows the chain from this frame to the end; calls visit(frame, more) for each. Returns how many, or SYSERR. */
static int walk(pid32 pid, const uint32 *frame, void (*visit)(const uint32 *frame, int i, void *more), void *more)
{
    const uint32 *base = (const uint32 *)proctab[pid].prstkbase;
    const uint32 *low = base + 1 - proctab[pid].prstklen / sizeof(uint32);
    int count = 0;

    while (frame != base) {
        const uint32 *next;

        if (frame < low || frame > base - 2 || (uint32)frame % sizeof(uint32) != 0)
            return SYSERR;
        next = (const uint32 *)frame[FRAME_LINK];
        if (next <= frame)
            return SYSERR;
        visit(frame, count++, more);
        frame = next;
    }
    return count;
}

/* The frame of ctxsw() in a process that does not run. */
static const uint32 *innermost(pid32 pid)
{
    return (const uint32 *)proctab[pid].prstkptr + SAVED_LINK;
}

struct place {
    uint32 first;       /* return address */
    uint32 interrupted; /* EIP, if the clock interrupted it */
};

static void find_place(const uint32 *frame, int i, void *more)
{
    struct place *place = more;

    if (i == 0)
        place->first = frame[FRAME_RETURN];
    if (isin(frame[FRAME_RETURN], "clkdisp"))
        place->interrupted = frame[INTERRUPTED_EIP];
}

int inkernel(pid32 pid)
{
    struct place place = {0, 0};

    if (isbadpid(pid))
        return SYSERR;
    if (pid == currpid)
        return 0;
    if (walk(pid, innermost(pid), find_place, &place) == SYSERR)
        return SYSERR;
    return iskernelcode(place.interrupted != 0 ? place.interrupted : place.first);
}

struct list {
    uint32 *where;
    int room;
};

static void add_return(const uint32 *frame, int i, void *more)
{
    struct list *list = more;

    if (i < list->room)
        list->where[i] = frame[FRAME_RETURN];
}

int callers(pid32 pid, uint32 *where, int n)
{
    struct list list = {where, n};

    if (isbadpid(pid))
        return SYSERR;
    return walk(pid, pid == currpid ? __builtin_frame_address(0) : innermost(pid), add_return, &list);
}
// lab]
