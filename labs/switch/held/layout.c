/* layout.c - tasks 1 and 2, to the letter of <xinu/saved_stack.h> */
#include <switch.h>

static void victim(void) {}

void check_layout(void)
{
    uint32 count = given(0, 1, 3), *n = lab_given.number, i;
    pid32 pid = create(victim, STACK, INITPRIO, "victim", count, n[1], n[2], n[3]);
    uint32 *saved = (uint32 *)proctab[pid].prstkptr, *base = (uint32 *)proctab[pid].prstkbase;

    report("%d words from prstkptr to prstkbase", base - saved);
    if (base - saved != SAVED_WORDS + 1 + (int)count)
        return;
    for (i = SAVED_EDI; i <= SAVED_EAX; i++)
        if (i != SAVED_EBP && i != SAVED_ESP)
            report("[%u] is %u", i, saved[i]);
    report("EBP is the address of [%d], ESP that of [%d]", (uint32 *)saved[SAVED_EBP] - saved,
           (uint32 *)saved[SAVED_ESP] - saved);
    report("EFLAGS %08x", saved[SAVED_EFLAGS]);
    report("[9] is %s", saved[SAVED_LINK] == (uint32)base ? "prstkbase" : "something else");
    report("[10] is %s", saved[SAVED_RETURN] == (uint32)victim ? "the function" : "something else");
    report("it returns to %s", saved[SAVED_WORDS] == (uint32)INITRET ? "INITRET" : "something else");
    for (i = 1; i <= count; i++)
        report("argument %u is %08x", i, saved[SAVED_WORDS + i]);
    report("prstkbase has %s", *base == STACKMAGIC ? "STACKMAGIC" : "something else");
}

void check_enabled(void)
{
    intmask mask = disable();

    resume(create(note_flags, STACK, PRIORITY_ABOVE, "begins", 0));
    report("created and started with interrupts masked, it begins with EFLAGS %08x", first_flags);
    restore(mask);
}

static uint32 left_there[SAVED_WORDS];

/* On the other stack: copies the words that ctxsw left at *old. */
static void look(void)
{
    memcpy(left_there, own_stack, sizeof left_there);
    ctxsw(&other_stack, &own_stack);
}

void check_saved(void)
{
    uint32 i;

    load_numbers(FLAGS_FIXED);
    prepare_other(look, FLAGS_FIXED);
    across();
    report("*old is %d words below the stack pointer of the call", (int)(loaded.esp - (uint32)own_stack) / 4);
    for (i = SAVED_EDI; i <= SAVED_EAX; i++)
        if (i != SAVED_EBP && i != SAVED_ESP)
            report("[%u] %08x", i, left_there[i]);
    report("EFLAGS %03x, [9] %08x", left_there[SAVED_EFLAGS], left_there[SAVED_LINK]);
}

static uint32 depth;

static void sleeper(uint32 left)
{
    if (left > 0)
        sleeper(left - 1);
    else
        sleepms(50);
    depth++;
}

/* From [9] along the saved EBPs: whom each frame returns to. */
void check_chain(void)
{
    uint32 calls = given(0, 1, 4), offset, i;
    pid32 pid = create(sleeper, STACK, PRIORITY_ABOVE, "sleeper", 1, calls);
    uint32 *frame;

    resume(pid);
    frame = (uint32 *)proctab[pid].prstkptr + SAVED_LINK;
    for (i = 0; i < 12 && (uint32)frame < (uint32)proctab[pid].prstkbase; i++) {
        const char *name = funcname(frame[FRAME_RETURN] - 1, &offset);

        report("frame %u returns to %s", i, name != NULL ? name : "no code");
        frame = (uint32 *)frame[FRAME_LINK];
    }
    report("the chain ends at %s", (char *)frame == proctab[pid].prstkbase ? "prstkbase" : "another place");
}
