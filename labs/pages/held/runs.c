/* runs.c - tasks 1, 2 and 8: all of memory, and how long a request takes */
#include <pages.h>

/* Takes all memory, in blocks of so many pages, as a list. Returns the last block. */
static char *take_all(uint32 pages, uint32 *count)
{
    char *block, *list = NULL;

    for (*count = 0; (block = take(pages)) != FAILED; ++*count) {
        *(char **)block = list;
        *(uint32 *)(block + 4) = *count;
        list = block;
    }
    return list;
}

/* Frees a list of blocks. Returns how many are not as take_all() left them. */
static uint32 give_back_all(char *list, uint32 pages, uint32 count)
{
    uint32 wrong = 0;

    while (list != NULL && count != 0) {
        char *next = *(char **)list;
        count--;
        wrong += *(uint32 *)(list + 4) != count;
        wrong += give_back(list, pages) == SYSERR;
        list = next;
    }
    return wrong + (list != NULL) + count;
}

void check_all(void)
{
    uint32 available, count;
    char *list;

    remember_free();
    available = freepages();
    list = take_all(1, &count);
    report("pages taken one by one: %s, then %d are free", count == available ? "all" : "not all", (int)freepages());
    report("wrong blocks: %u", give_back_all(list, 1, count));
    report("all freed: %d pages fewer", pages_missing());
}

/* The length in pages of the longest block. */
static uint32 longest(void)
{
    uint32 low = 0, high = freepages() + 1;

    while (high - low > 1) {
        uint32 middle = (low + high) / 2;
        char *block = take(middle);
        if (block == FAILED)
            high = middle;
        else {
            low = middle;
            give_back(block, middle);
        }
    }
    return low;
}

#define MOST 120
static char *block[MOST];
static uint32 pages_of[MOST];

void check_whole(void)
{
    uint32 before, i, count;

    before = longest();
    report("at first the longest block has %s free pages", before + 200 > freepages() ? "nearly all" : "too few");
    remember_free();
    for (count = 0; count < MOST; count++) {
        pages_of[count] = 1 + draw(0, 60);
        block[count] = take(pages_of[count]);
    }
    while (count != 0) {
        i = draw(1, count--);
        give_back(block[i], pages_of[i]);
        block[i] = block[count];
        pages_of[i] = pages_of[count];
    }
    report("%u blocks of 1 to 60 pages, freed in any order: %d pages fewer", MOST, pages_missing());
    report("the longest block is %d pages shorter", (int)(before - longest()));
}

#define FEW 5000 /* instructions: ten times what a request takes; each is 8 ticks of the clock of the checks */
#define SINGLES 1000
static char *single[2 * SINGLES];

static void report_cost(const char *what, uint32 pages)
{
    intmask mask = disable();
    uint64 began = getticks();
    uint32 ticks;
    char *taken = take(pages);

    ticks = (uint32)(getticks() - began);
    restore(mask);
    report("%s: it takes %s", what, ticks < 8 * FEW ? "few instructions" : "many instructions");
    give_back(taken, pages);
}

void check_cost(void)
{
    uint32 pages = given(0, SHORT + 1, 60), i;
    char *hole = take(pages);

    take(SHORT);
    report_cost("no run is of nearly that length", pages);
    remember_free();
    give_back(hole, pages);
    report("a block freed: %d pages more", -pages_missing());
    report_cost("one is of that length", pages);
    take(pages);
    for (i = 0; i < 2 * SINGLES; i++)
        single[i] = take(1);
    for (i = 0; i < 2 * SINGLES; i += 2)
        give_back(single[i], 1);
    report_cost("many are shorter", pages);
}

#define SPARES 5

/*
 * Takes short blocks, frees them, and takes them again. Their pages adjoin, and there is a hole that fits each of them
 * better than the run that they would be if they were merged. Returns how many are where they were.
 */
static uint32 taken_again(uint32 shortest)
{
    char *hole, *short_block[SPARES];
    uint32 i, same = 0;

    hole = take(SHORT + 20);
    take(SHORT); /* keeps the hole apart */
    for (i = 0; i < SPARES; i++)
        short_block[i] = take(shortest + i);
    give_back(hole, SHORT + 20);
    for (i = 0; i < SPARES; i++)
        give_back(short_block[i], shortest + i);
    for (i = 0; i < SPARES; i++)
        same += take(shortest + i) == short_block[i];
    return same;
}

void check_spare(void)
{
    uint32 shortest = given(0, 18, 25), i;
    char *block[3], *hole;

    hole = take(150);
    take(SHORT);
    give_back(hole, 150);
    for (i = 0; i < 3; i++)
        block[i] = take(50);
    for (i = 0; i < 3; i++)
        give_back(block[i], 50);
    report("three long neighbours are merged: %s", take(150) == hole ? "yes" : "no");
    report("of %u short runs, %u are taken again as they were", SPARES, taken_again(shortest));
}
