/* owners.c - task 3: the pages of processes that end */
#include "pages.h"

#define BLOCKS 24

static process take_and_end(uint32 blocks)
{
    while (blocks-- != 0)
        take(SHORT + draw(0, 20));
    return OK;
}

static process take_and_wait(uint32 blocks)
{
    take_and_end(blocks);
    suspend(currpid);
    return OK;
}

void check_ended(void)
{
    uint32 blocks = given(1, BLOCKS - 9, BLOCKS);

    run(take_and_end, 1);
    remember_free();
    run(take_and_end, blocks);
    report("a process with %u blocks has ended: %d pages fewer", blocks, pages_missing());
    kill(run(take_and_wait, blocks));
    report("one has been killed: %d pages fewer", pages_missing());
}

static char *block_of[2][BLOCKS];

static process take_in_turn(uint32 which)
{
    uint32 i;

    for (i = 0; i < BLOCKS; i++) {
        block_of[which][i] = take(SHORT);
        mark(block_of[which][i], SHORT, 1000 * which);
        suspend(currpid);
    }
    return OK;
}

/* Two processes take blocks in turn, so that these alternate in memory. One ends, and then all memory is used. */
void check_others(void)
{
    pid32 ending = run(take_in_turn, 0), staying = run(take_in_turn, 1);
    uint32 i, changed = 0, missing = BLOCKS;
    char *block;

    for (i = 1; i < BLOCKS; i++) {
        resume(ending);
        resume(staying);
    }
    kill(ending);
    while ((block = take(1)) != FAILED) {
        mark(block, 1, 5000);
        for (i = 0; i < BLOCKS; i++)
            missing -= block == block_of[0][i];
    }
    for (i = 0; i < BLOCKS; i++)
        changed += count_changed(block_of[1][i], SHORT, 1000);
    report("blocks of the ended process that were not used again: %u", missing);
    report("changed pages of the other one: %u", changed);
}
