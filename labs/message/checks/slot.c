/* slot.c - tasks 2 and 3: what find_sleepms_slot() finds on the stack of a sleeping process, whole or damaged */
#include "slot.h"

uint32 *find_in(pid32 pid)
{
    const struct procent *process = &proctab[pid];
    uint32 base = (uint32)process->prstkbase, low = base + 4 - process->prstklen;
    struct stack_view stack = {low, (const uint32 *)low, (base - low) / sizeof(uint32)};
    struct code_range resched = {(uint32)resched_text, (uint32)resched_etext};
    struct code_range sleepms = {(uint32)sleepms_text, (uint32)sleepms_etext};

    return (uint32 *)find_sleepms_slot(stack, (uint32)process->prstkptr, resched, sleepms);
}

const char *verdict_on(const uint32 *found, const uint32 *right)
{
    static char text[40];

    if (found == NULL)
        return "not found";
    if (found == right)
        return "the word by which sleepms() returns";
    snprintf(text, sizeof text, "%d bytes from the right word", (int)((uint32)found - (uint32)right));
    return text;
}

uint32 *ctxsw_frame(pid32 pid)
{
    return (uint32 *)proctab[pid].prstkptr + SAVED_LINK;
}

uint32 *resched_frame(pid32 pid)
{
    return (uint32 *)*ctxsw_frame(pid);
}

uint32 *sleepms_frame(pid32 pid)
{
    return (uint32 *)*resched_frame(pid);
}

pid32 start_deep_sleeper(uint32 depth)
{
    static struct sleeper how;

    how = (struct sleeper){NULL, 1000000, depth};
    return start_sleeper(&how, PRIORITY_ABOVE);
}

void check_find(void)
{
    uint32 i;

    for (i = 0; i < 3; i++) {
        uint32 depth = given(i, 0, 9);
        pid32 pid = start_deep_sleeper(depth);

        report("below %u frames: %s", depth, verdict_on(find_in(pid), return_word(pid)));
        kill(pid);
        recvclr();
    }
}

/* What is found with this word instead of the one that is there. */
static const char *with(pid32 pid, uint32 *word, uint32 wrong)
{
    uint32 *right = return_word(pid), *found, old = *word;

    *word = wrong;
    found = find_in(pid);
    *word = old;
    return verdict_on(found, right);
}

static void report_calls(pid32 pid, const char *whose, uint32 *frame, const byte *from, const byte *to)
{
    uint32 *word = &frame[FRAME_RETURN];

    report("%s: the first byte: %s", whose, with(pid, word, (uint32)from));
    report("%s: a byte in between: %s", whose, with(pid, word, (uint32)from + given(0, 1, 20)));
    report("%s: the last byte: %s", whose, with(pid, word, (uint32)to - 1));
    report("%s: the byte below: %s", whose, with(pid, word, (uint32)from - 1));
    report("%s: the byte behind: %s", whose, with(pid, word, (uint32)to));
    report("%s: 0: %s", whose, with(pid, word, 0));
    report("%s: another function: %s", whose, with(pid, word, (uint32)receive + given(1, 0, 20)));
}

void check_calls(void)
{
    pid32 pid = start_deep_sleeper(given(2, 0, 9));

    report_calls(pid, "ctxsw was called in resched", ctxsw_frame(pid), resched_text, resched_etext);
    report_calls(pid, "resched was called in sleepms", resched_frame(pid), sleepms_text, sleepms_etext);
}

static void report_links(pid32 pid, const char *whose, uint32 *frame)
{
    uint32 *word = &frame[FRAME_LINK];

    report("%s: unaligned: %s", whose, with(pid, word, *word + given(0, 1, 3)));
    report("%s: to itself: %s", whose, with(pid, word, (uint32)frame));
    report("%s: downwards: %s", whose, with(pid, word, (uint32)frame - 4 * given(1, 1, 8)));
    report("%s: below the stack: %s", whose, with(pid, word, (uint32)proctab[pid].prstkbase - proctab[pid].prstklen));
    report("%s: above the stack: %s", whose, with(pid, word, (uint32)proctab[pid].prstkbase + 4 * given(2, 1, 99)));
    report("%s: 0: %s", whose, with(pid, word, 0));
    report("%s: 0xfffffffc: %s", whose, with(pid, word, 0xfffffffc));
}

void check_links(void)
{
    pid32 pid = start_deep_sleeper(given(3, 0, 9));

    report("as it is: %s", verdict_on(find_in(pid), return_word(pid)));
    report_links(pid, "from ctxsw's frame", ctxsw_frame(pid));
    report_links(pid, "from resched's frame", resched_frame(pid));
}
