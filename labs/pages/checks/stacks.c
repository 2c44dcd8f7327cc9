/* stacks.c - task 5: stacks, and what lies below them */
#include "pages.h"

#define DEEP 1000
#define NEIGHBOURS 8

#define CALLS 600 /* more than any stack and the gap below it have room for; few, for kernels without a gap */

/* Uses 64 bytes of the stack at each call, and more. */
static uint32 recurse(uint32 depth)
{
    volatile uint32 words[16];

    words[depth % 16] = depth;
    return depth == CALLS ? 0 : recurse(depth + 1) + words[depth % 16];
}

static volatile bool8 came_back;

static process overflow(void)
{
    recurse(0);
    came_back = TRUE;
    return OK;
}

static volatile uint32 changed, checked;

/* Keeps words on its stack, and looks later whether they are still there. */
static process keep(uint32 number)
{
    uint32 words[DEEP], i;

    for (i = 0; i < DEEP; i++)
        words[i] = number + i;
    suspend(currpid);
    for (i = 0; i < DEEP; i++)
        changed += words[i] != number + i;
    checked++;
    return OK;
}

void check_overflow(void)
{
    pid32 neighbour[NEIGHBOURS], victim;
    uint32 i;

    for (i = 0; i < NEIGHBOURS; i++) {
        if (i == given(0, 1, NEIGHBOURS - 2))
            victim = create(overflow, given(1, 1, 3) * PAGE, PRIORITY_ABOVE, "overflow", 0);
        neighbour[i] = run(keep, lab_given.number[i]);
    }
    resume(victim);
    report("the process that overflows its stack %s", came_back ? "goes on" : "is ended");
    for (i = 0; i < NEIGHBOURS; i++)
        resume(neighbour[i]);
    report("%u neighbours looked; changed words on their stacks: %u", checked, changed);
}

void check_gap(void)
{
    uint32 pages = given(0, 2, 9), bytes = pages * PAGE - given(1, 0, 4000);
    uint32 end = (uint32)getstk(bytes) + sizeof(uint32);

    report("a stack of %u bytes: its highest word %s", bytes, writing(end - 4));
    report("it is where stacks are to be: %s", is_for_stacks((const char *)end - sizeof(uint32)));
    report("the lowest byte: %s", writing(end - pages * PAGE));
    report("the byte below: %s", writing(end - pages * PAGE - 1));
    report("reading there: %s", reading(end - pages * PAGE - 1));
}
