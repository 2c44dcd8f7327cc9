/* context.c - task 2: what is saved, and what comes back */
#include "switch.h"

static uint32 rounds;
static sid32 turn_of[3];

/* Each computes with what it keeps in registers and on its stack, and waits for its next turn. */
static void turn(uint32 number, uint32 value)
{
    uint32 i;

    for (i = 0; i < rounds; i++) {
        wait(turn_of[number]);
        value = value * 1664525 + number;
        report("process %u, round %u: %08x", number, i, value);
        signal(turn_of[3 - number]);
    }
}

void check_turns(void)
{
    pid32 one, two;

    rounds = given(0, 4, 8);
    turn_of[1] = semcreate(1);
    turn_of[2] = semcreate(0);
    one = create(turn, STACK, PRIORITY_ABOVE, "one", 2, 1, lab_given.number[1]);
    two = create(turn, STACK, PRIORITY_ABOVE, "two", 2, 2, lab_given.number[2]);
    chprio(getpid(), PRIORITY_ABOVE + 1);
    resume(one);
    resume(two);
    chprio(getpid(), INITPRIO);
    resched();
    report("both have ended");
}

void check_registers(void)
{
    load_numbers(FLAGS_FIXED);
    prepare_other(there, FLAGS_FIXED);
    across();
    report_stored();
}

void check_esp(void)
{
    uint32 top;

    load_numbers(FLAGS_FIXED);
    prepare_other(there, FLAGS_FIXED);
    top = (uint32)other_stack + 4 * SAVED_WORDS;
    across();
    report("here: %d bytes off", (int)(stored.esp - loaded.esp));
    report("on the other stack: %d bytes off", (int)(stored_there.esp - top));
}
