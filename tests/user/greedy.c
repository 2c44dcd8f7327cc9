/*
 * greedy.c - takes all the resources that it may have; argv[1] says which
 *
 *     nothing  ends at once            spawn    starts processes that sleep, forever
 *     sleep    sleeps                  bomb     the same, and so does each of them
 *     memory   takes memory, forever   orphan   starts one that sleeps, and ends
 *     count    sends its parent how many pages it gets, and ends
 *     hold     takes argv[2] pages; sends its parent how many it gets, and sleeps
 *     leave    the same, and ends
 *     chain    starts another with a smaller account charged to its own, and ends; the last one sleeps
 *     share    starts processes that share its account, and one with an account charged to its own
 *     again    starts large processes, one after the other; its account allows only one at a time
 *     good     takes memory and processes, and returns them: others must not prevent it
 *     large    starts a process that is large from the start, again and again
 */
#include <stdio.h>
#include <stdlib.h>
#include <xinu.h>

#define PAGE 4096
#define SHARE_PAGES 100 /* for a child of `share` and `chain` */

static pid32 start(const char *program, char *what, char *number, uint32 pages, uint32 processes)
{
    char *argv[] = {"greedy", what, number};
    struct spawnrequest request = {program, proctab[getpid()].prprio, 0, 3, argv, pages, processes};

    return spawn(&request);
}

static pid32 start_like(char *what)
{
    return start("greedy", what, "0", 0, 0);
}

static uint32 take_pages(uint32 most)
{
    uint32 count = 0;

    while (count < most && sbrk(PAGE) != (char *)SYSERR)
        count++;
    return count;
}

static void tell(uint32 word)
{
    while (send(proctab[getpid()].prparent, word) == SYSERR)
        sleepms(1);
}

static void take_for_ever(int processes, int bomb)
{
    for (;;) {
        if (processes)
            start_like(bomb ? "bomb" : "sleep");
        else
            take_pages(~0U);
        sleepms(1);
    }
}

static void chain(char *number)
{
    char next[8];
    uint32 depth = (uint32)atoi(number);

    sprintf(next, "%u", depth - 1);
    if (depth == 0 || start("greedy", "chain", next, SHARE_PAGES + 40 * depth, depth + 1) == SYSERR)
        sleepms(100000);
}

/* Reports the pages that the other process gets from its own account; the pages and processes left while it
 * lives; and the pages left after its end. */
static void share(void)
{
    pid32 other = start("greedy", "hold", "1000000", SHARE_PAGES, 2);

    tell(receive());
    tell(take_pages(~0U));
    sbrk(-(int32)(sbrk(0) - (char *)(((uint32)&end + PAGE - 1) & ~(PAGE - 1U))));
    tell((uint32)start("greedy", "nothing", "0", 1000000, 1));
    tell((uint32)start("greedy", "nothing", "0", SHARE_PAGES, 2));
    tell((uint32)start("greedy", "nothing", "0", SHARE_PAGES, 0));
    kill(other);
    receive();
    tell(take_pages(~0U));
}

static void again(int rounds)
{
    uint32 wrong = 0;

    for (int i = 0; i < rounds; i++) {
        wrong += start("greedy", "leave", "300", 0, 0) == SYSERR;
        wrong += receive() != 300;
        receive(); /* its end */
    }
    tell(wrong);
}

static void good(int rounds)
{
    uint32 wrong = 0;

    for (int i = 0; i < rounds; i++) {
        wrong += take_pages(64) != 64;
        wrong += sbrk(-64 * PAGE) == (char *)SYSERR;
        pid32 child = start_like("nothing");
        wrong += child == SYSERR || receive() != (umsg32)child;
    }
    tell(wrong);
}

int main(int argc, char *argv[])
{
    const char *what = argc > 1 ? argv[1] : "nothing";
    char *number = argc > 2 ? argv[2] : "0";

    if (strcmp(what, "sleep") == 0)
        sleepms(100000);
    else if (strcmp(what, "memory") == 0)
        take_for_ever(0, 0);
    else if (strcmp(what, "spawn") == 0)
        take_for_ever(1, 0);
    else if (strcmp(what, "bomb") == 0)
        take_for_ever(1, 1);
    else if (strcmp(what, "orphan") == 0)
        start_like("sleep");
    else if (strcmp(what, "count") == 0)
        tell(take_pages(~0U));
    else if (strcmp(what, "hold") == 0) {
        tell(take_pages((uint32)atoi(number)));
        sleepms(100000);
    } else if (strcmp(what, "leave") == 0)
        tell(take_pages((uint32)atoi(number)));
    else if (strcmp(what, "chain") == 0)
        chain(number);
    else if (strcmp(what, "share") == 0)
        share();
    else if (strcmp(what, "again") == 0)
        again(atoi(number));
    else if (strcmp(what, "good") == 0)
        good(atoi(number));
    else if (strcmp(what, "large") == 0)
        for (;;)
            start("wide", "0", "0", 0, 0);
    return OK;
}
