/* float_state.h - all that the x87 holds, to be filled, looked at and compared */
#ifndef FLOAT_STATE_H
#define FLOAT_STATE_H

#include "check.h"

#define STATE_ENVIRONMENT 7 /* words before the registers (Intel SDM vol. 1, figure 8-9) */
#define STATE_WORDS 27

struct state {
    uint32 words[STATE_WORDS];
};

static void look(struct state *state)
{
    asm volatile("fnsave %0; frstor %0" : "=m"(*state));
}

/* Fills all registers with numbers from this one on, and leaves a control word of its own. */
static inline void fill(struct state *state, int first)
{
    uint16 control = 0x27F;

    asm volatile("fninit; fldcw %0" : : "m"(control));
    for (int i = 0; i < 8; i++) {
        int number = first + i;
        asm volatile("fildl %0" : : "m"(number));
    }
    look(state);
}

/* The control, status and tag words, and the registers: not where the latest instruction was. */
static int same(const struct state *a, const struct state *b)
{
    for (int i = 0; i < STATE_WORDS; i++)
        if ((i < 3 && (uint16)a->words[i] != (uint16)b->words[i]) ||
            (i >= STATE_ENVIRONMENT && a->words[i] != b->words[i]))
            return 0;
    return 1;
}

static inline int holds(const struct state *expected)
{
    struct state now;

    look(&now);
    return same(&now, expected);
}

static inline int is_clean(void)
{
    static const struct state clean = {{0x37F, 0, 0xFFFF}};

    return holds(&clean);
}

static inline void spin(uint32 msec)
{
    uint32 begin = clkcountermsec;

    while (clkcountermsec - begin < msec)
        ;
}

#endif
