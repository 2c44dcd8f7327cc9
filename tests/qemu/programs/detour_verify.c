/* detour_verify.c - R14: send() verifies what it finds on the stack */
#include "detour_sleeper.h"

extern char resched_text[], resched_etext[], sleepms_text[], sleepms_etext[]; /* from the linker script */

static struct stack_copy copy;

/* With one word on the way replaced, send() must leave the stack alone; the message counts all the same. */
static int left_alone(pid32 pid, uint32 *word, uint32 wrong)
{
    uint32 right = *word, *changed;
    int untouched;

    *word = wrong;
    copy_stack(&copy, pid);
    send(pid, 1);
    untouched = changed_words(&copy, &changed) == 0;
    *word = right;
    return untouched;
}

/* One sleeper for each wrong word: afterwards its callback has run, by R16, and its sleepms() has returned
 * what it should. */
static void verified(int which, uint32 wrong)
{
    pid32 pid = start_sleeper(3, PRIORITY_ABOVE);
    uint32 *saved = (uint32 *)proctab[pid].prstkptr;
    uint32 *words[] = {saved + SAVED_LINK, saved + SAVED_RETURN, resched_frame(pid) + FRAME_LINK,
                       resched_frame(pid) + FRAME_RETURN};

    CHECK(left_alone(pid, words[which], wrong));
    CHECK(proctab[pid].prstate == PR_SLEEP && outstanding(pid, 0, 1) && events == 0);
    await_end(pid);
    CHECK(result == OK && returned_at - began == 3);
    CHECK(events == 1);
}

/* The same for a wrong stack pointer. */
static void verified_stack_pointer(uint32 wrong)
{
    pid32 pid = start_sleeper(3, PRIORITY_ABOVE);
    char *right = proctab[pid].prstkptr;
    uint32 *word;

    copy_stack(&copy, pid);
    proctab[pid].prstkptr = (char *)wrong;
    send(pid, 1);
    proctab[pid].prstkptr = right;
    CHECK(changed_words(&copy, &word) == 0);
    await_end(pid);
    CHECK(result == OK && events == 1);
}

/* What was planted is rewritten by somebody else before sleepms() returns: the event comes with the clock,
 * and the next one as always. */
static void robbed_sleeper(void)
{
    sleeper(3);
    CHECK(events_at_return == 0);
    spin(2);
    CHECK(events == 1 && outstanding(currpid, 0, 0));
    cbsignal(CB_MESSAGE, on_message, 0);
    send(currpid, 2);
    spin(2);
    CHECK(events == 2);
}

static void rewritten_since(void)
{
    pid32 pid = start(robbed_sleeper);
    uint32 *slot = callers_frame(pid) + FRAME_RETURN, home = *slot;

    send(pid, 1);
    CHECK(*slot != home);
    *slot = home;
    await_end(pid);
    CHECK(result == OK && events == 2);
}

static uint32 elsewhere[16]; /* frames that look right, but not on the stack */

process main(void)
{
    pid32 probe = start_sleeper(1, PRIORITY_ABOVE); /* all sleepers get frames at the same distance from their base */
    uint32 base = (uint32)proctab[probe].prstkbase, low = base + 4 - proctab[probe].prstklen;
    uint32 first = (uint32)resched_frame(probe), second = (uint32)callers_frame(probe);
    uint32 third = *callers_frame(probe);
    const uint32 links[] = {0,        1,          low - 4,    low - 4096,        base,           base - 4,
                            base + 4, 0xfffffffc, 0x80000000, (uint32)elsewhere, (uint32)&links, (uint32)&text};
    const uint32 after_ctxsw[] = {0,
                                  (uint32)resched_text - 1,
                                  (uint32)resched_etext,
                                  (uint32)sleepms_text,
                                  (uint32)&etext,
                                  (uint32)sleeper,
                                  0xffffffff};
    const uint32 after_resched[] = {0,
                                    (uint32)sleepms_text - 1,
                                    (uint32)sleepms_etext,
                                    (uint32)resched_text + 8,
                                    (uint32)&etext,
                                    (uint32)sleeper,
                                    0xffffffff,
                                    (uint32)yield + 8,
                                    (uint32)receive + 8};
    uint32 i;

    await_end(probe);
    elsewhere[0] = (uint32)(elsewhere + 4); /* [4], [5]: sleepms()'s */
    elsewhere[1] = (uint32)sleepms_text + 8;
    elsewhere[4] = (uint32)(elsewhere + 8);
    elsewhere[5] = (uint32)sleeper + 8;
    for (i = 0; i < sizeof links / sizeof links[0]; i++) {
        verified(0, links[i]);
        verified(2, links[i]);
    }
    for (i = 1; i < 4; i++) { /* unaligned */
        verified(0, first + i);
        verified(2, second + i);
    }
    verified(0, second);    /* skips resched() */
    verified(2, first);     /* back to itself */
    verified(2, first - 4); /* downwards */
    verified(2, first + 4); /* overlaps the frame before */
    verified(2, third);     /* skips sleepms() */
    for (i = 0; i < sizeof after_ctxsw / sizeof after_ctxsw[0]; i++)
        verified(1, after_ctxsw[i]);
    for (i = 0; i < sizeof after_resched / sizeof after_resched[0]; i++)
        verified(3, after_resched[i]);
    verified_stack_pointer(0);
    verified_stack_pointer(1);
    verified_stack_pointer(low - 44);
    verified_stack_pointer(base);
    verified_stack_pointer(base - 8);
    verified_stack_pointer(0xfffffffc);
    verified_stack_pointer((uint32)elsewhere);
    rewritten_since();
    CHECK(elsewhere[1] == (uint32)sleepms_text + 8 && elsewhere[5] == (uint32)sleeper + 8);
    rule_done("R14");
    return OK;
}
