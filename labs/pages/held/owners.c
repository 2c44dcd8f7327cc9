/* owners.c - task 3: all kinds of memory of a process, and how long it takes at a time */
#include <pages.h>

static process take_all_kinds(uint32 rounds)
{
    uint32 i, bytes;

    for (i = 0; i < rounds; i++) {
        for (bytes = 1; bytes <= 1024; bytes *= 2)
            getmem(bytes + draw(0, bytes));
        take(1 + draw(0, 50));
        getstk(1 + draw(0, 30000));
    }
    suspend(currpid);
    return OK;
}

void check_kinds(void)
{
    uint32 rounds = given(1, 20, 40);
    pid32 pid;

    kill(run(take_all_kinds, 1));
    remember_free();
    pid = run(take_all_kinds, rounds);
    report("small blocks, pages and stacks: %s", pages_missing() > (int)rounds ? "taken" : "not taken");
    kill(pid);
    report("the process is killed: %d pages fewer", pages_missing());
}

static process take_pages(uint32 count)
{
    while (count-- != 0) {
        take(1);
        suspend(currpid);
    }
    return OK;
}

/* How long it takes to kill the owner of so many pages, no two of which adjoin, with interrupts masked. */
static uint32 ticks_of_kill(uint32 pages)
{
    pid32 owner = run(take_pages, pages);
    uint32 i, ticks;
    uint64 began;
    intmask mask;

    for (i = 1; i < pages; i++) {
        take(1);
        resume(owner);
    }
    mask = disable();
    began = getticks();
    kill(owner);
    ticks = (uint32)(getticks() - began);
    restore(mask);
    freepages(); /* the rest is freed, too */
    return ticks;
}

void check_pieces(void)
{
    uint32 pages = given(0, 1500, 2000), few, many;

    ticks_of_kill(2);
    remember_free();
    few = ticks_of_kill(100);
    many = ticks_of_kill(pages);
    report("many pages: the end of their owner masks interrupts %s", many < 2 * few ? "as long" : "longer");
    report("%d pages that are missing are not this process's", pages_missing() - 99 - (int)(pages - 1));
}
