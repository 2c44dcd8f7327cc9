/* random.c - task 7: blocks, stacks and processes in any order, until each page has been used many times */
#include <pages.h>

#define SLOTS 48
#define ROUNDS 3000

/* What a slot holds: a block, a stack, or a process; nothing if `pages` is 0. */
static struct {
    char *low; /* of a block, of a stack */
    uint32 pages, word;
    bool8 is_stack;
} slot[SLOTS];
static uint32 wrong, used;

static void fill(uint32 i)
{
    uint32 pages = 1 + draw(0, draw(1, 4) == 0 ? 300 : 40);
    char *taken;

    slot[i].is_stack = draw(2, 3) == 0;
    if (slot[i].is_stack && pages < 2)
        pages = 2;
    taken = slot[i].is_stack ? getstk(pages * PAGE) : take(pages);
    if (taken == FAILED)
        return;
    wrong += slot[i].is_stack && strcmp(is_for_stacks(taken), "no") == 0;
    slot[i].low = slot[i].is_stack ? taken + 4 - pages * PAGE : taken;
    slot[i].pages = pages;
    slot[i].word = draw(3, 1000000);
    mark(slot[i].low, pages, slot[i].word);
    used += pages;
}

static void empty(uint32 i)
{
    uint32 bytes = slot[i].pages * PAGE;

    wrong += count_changed(slot[i].low, slot[i].pages, slot[i].word);
    wrong += (slot[i].is_stack ? freestk(slot[i].low + bytes - 4, bytes) : freemem(slot[i].low, bytes)) == SYSERR;
    slot[i].pages = 0;
}

static process take_some(uint32 rounds)
{
    while (rounds-- != 0)
        if (take(1 + rounds % 5) != FAILED)
            getstk(1 + 1000 * rounds);
    return OK;
}

void check_random(void)
{
    uint32 i;

    run(take_some, 5);
    remember_free();
    for (i = 0; i < ROUNDS; i++) {
        uint32 chosen = draw(4, SLOTS);
        if (slot[chosen].pages != 0)
            empty(chosen);
        else
            fill(chosen);
        if (i % 16 == 0)
            run(take_some, draw(5, 9));
    }
    for (i = 0; i < SLOTS; i++)
        if (slot[i].pages != 0)
            empty(i);
    report("pages used: %s; wrong: %u", used > 40000 ? "more than 40000" : "fewer", wrong);
    report("at the end %d pages fewer", pages_missing());
}
