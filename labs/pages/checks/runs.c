/* runs.c - tasks 1 and 2: runs of free pages */
#include "pages.h"

void check_again(void)
{
    uint32 pages = given(0, SHORT + 1, 60), rounds, failed = 0;
    char *block, *behind;

    remember_free();
    block = take(pages);
    behind = take(pages); /* free neighbours are the matter of task 2 */
    report("two blocks of %u pages: %d pages fewer", pages, pages_missing());
    give_back(block, pages);
    report("one of them freed: %d pages fewer", pages_missing());
    for (rounds = 0; rounds < 500; rounds++) {
        block = take(pages);
        failed += block == FAILED;
        give_back(block, pages);
    }
    report("taken and freed %u times: fails %u times", rounds, failed);
    give_back(behind, pages);
    report("both freed: %d pages fewer", pages_missing());
}

/* Which of the holes an address lies in, from 'A' on; '-' if in none. */
static char hole_of(const char *address, char *const *hole, const uint32 *pages, uint32 count)
{
    uint32 i;

    for (i = 0; i < count; i++)
        if (address >= hole[i] && address < hole[i] + pages[i] * PAGE)
            return (char)('A' + i);
    return '-';
}

void check_best(void)
{
    uint32 pages[] = {given(0, 42, 49), given(1, 90, 99), given(2, 150, 159)};
    uint32 wanted[] = {pages[1] - 40, 160, 40, pages[0]};
    char *hole[3];
    uint32 i, order = given(3, 0, 2);

    for (i = 0; i < 3; i++) {
        hole[(i + order) % 3] = take(pages[(i + order) % 3]);
        take(SHORT); /* keeps the holes apart */
    }
    for (i = 0; i < 3; i++)
        give_back(hole[i], pages[i]);
    for (i = 0; i < 4; i++)
        report("%u pages come from hole %c", wanted[i], hole_of(take(wanted[i]), hole, pages, 3));
}

static const char *verdict(syscall result)
{
    return result == SYSERR ? "refused" : "accepted";
}

void check_refuse(void)
{
    uint32 pages = given(0, SHORT + 1, 60);
    char *block = take(pages), *behind = take(pages);

    remember_free();
    report("a page fewer: %s", verdict(give_back(block, pages - 1)));
    report("the second page: %s", verdict(give_back(block + PAGE, pages - 1)));
    report("the block: %s", verdict(give_back(block, pages)));
    report("the block again: %s", verdict(give_back(block, pages)));
    report("the next block's last page: %s", verdict(give_back(behind + (pages - 1) * PAGE, 1)));
    report("afterwards %d pages more", -pages_missing());
}

/* Where the lowest of three neighbouring blocks lies; NULL if they are no neighbours. */
static char *lowest_of(char *const *block, uint32 pages)
{
    char *low = block[0], *high = block[0];
    uint32 i;

    for (i = 1; i < 3; i++) {
        low = block[i] < low ? block[i] : low;
        high = block[i] > high ? block[i] : high;
    }
    return high == low + 2 * pages * PAGE ? low : NULL;
}

/* Frees three neighbouring blocks in this order, and takes one of their length. */
static void merge_in_order(char *hole, uint32 pages, uint32 first, uint32 second, uint32 third)
{
    char *block[3], *low;
    uint32 i;

    give_back(hole, 3 * pages);
    for (i = 0; i < 3; i++)
        block[i] = take(pages);
    low = lowest_of(block, pages);
    if (low == NULL)
        report("the blocks are no neighbours");
    for (i = 0; i < 3; i++)
        block[i] = low + i * pages * PAGE;
    give_back(block[first], pages);
    give_back(block[second], pages);
    give_back(block[third], pages);
    report("freed %u, %u, %u: they are %s", first, second, third, take(3 * pages) == low ? "one run" : "no run");
}

void check_merge(void)
{
    uint32 pages = given(0, SHORT + 1, 60);
    char *hole;

    take(3 * pages); /* blocks below and above the hole */
    hole = take(3 * pages);
    take(3 * pages);
    merge_in_order(hole, pages, 0, 1, 2);
    merge_in_order(hole, pages, 2, 1, 0);
    merge_in_order(hole, pages, 0, 2, 1);
}
