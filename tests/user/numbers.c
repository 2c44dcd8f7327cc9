/* numbers.c - computes with all registers of the x87, in callbacks too: numbers FIRST */
#include <stdlib.h>

#include <xinu.h>

struct state {
    uint32 words[27]; /* 7 of the environment, 20 of the registers */
};

static volatile int wrong, callbacks;

static void look(struct state *state)
{
    asm volatile("fnsave %0; frstor %0" : "=m"(*state));
}

static int same_numbers(const struct state *a, const struct state *b)
{
    return memcmp(&a->words[7], &b->words[7], 20 * sizeof(uint32)) == 0;
}

static void fill(struct state *state, int first)
{
    asm volatile("fninit");
    for (int i = 0; i < 8; i++) {
        int number = first + i;
        asm volatile("fildl %0" : : "m"(number));
    }
    look(state);
}

static void expect(const struct state *expected)
{
    struct state now;

    look(&now);
    if (!same_numbers(&now, expected))
        wrong++;
}

static void expect_clean(void)
{
    static const struct state clean;
    struct state now;

    look(&now);
    if ((now.words[0] & 0xFFFF) != 0x37F || (now.words[2] & 0xFFFF) != 0xFFFF || !same_numbers(&now, &clean))
        wrong++;
}

static void on_alarm(void)
{
    struct state mine;

    expect_clean();
    fill(&mine, 4000);
    for (uint32 begin = clkcountermsec; clkcountermsec - begin < 3;)
        expect(&mine);
    callbacks++;
}

process main(int argc, char **argv)
{
    struct state mine;
    int first = argc > 1 ? atoi(argv[1]) : 1;

    expect_clean();
    fill(&mine, first);
    for (int round = 0; round < 5; round++) {
        cbsignal(CB_ALARM, on_alarm, 2);
        while (callbacks <= round)
            expect(&mine);
        sleepms(1);
        expect(&mine);
    }
    printf("numbers %d: %d wrong, %d callbacks, an eighth is %.2f\n", first, wrong, callbacks, first / 8.0);
    return OK;
}
