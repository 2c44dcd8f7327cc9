/* What a family of ring-3 processes may have: never more, all of it, and others continue */
#include "user.h"

#define SHARE_PAGES 100 /* as in tests/user/greedy.c */

static pid32 start(uint32 pages, uint32 processes, const char *what, const char *number)
{
    pid32 pid = upcreatelim("greedy", INITPRIO - 5, 0, pages, processes, 3, "greedy", what, number);

    if (pid != SYSERR)
        resume(pid);
    return pid;
}

static uint32 told(void)
{
    return recvtime(10000);
}

static void end_all(void)
{
    for (pid32 pid = 1; pid < NPROC; pid++)
        if (proctab[pid].prstate != PR_FREE && proctab[pid].prring == 3)
            kill(pid);
    recvclr();
}

/* As many as the table has entries, but for those that accounts keep. */
static void check_table(int kept)
{
    static pid32 pids[NPROC];
    int used = prcount, count = 0;

    while ((pids[count] = create((void *)heartbeat, 1024, 1, "filler", 0)) != SYSERR)
        count++;
    CHECK(count == NPROC - used - kept);
    while (count > 0)
        kill(pids[--count]);
    recvclr();
}

static void check_back(uint32 pages)
{
    check_alive(pages);
    check_table(0);
}

/* The pages that a process has when it begins. */
static uint32 least_pages(void)
{
    uint32 pages = 1;

    while (start(pages, 1, "nothing", "0") == SYSERR)
        pages++;
    told();
    return pages;
}

static void exact_limits(uint32 least)
{
    uint32 pages = freepages();

    CHECK(start(least, 0, "nothing", "0") == SYSERR);
    CHECK(start(0xFFFFFFFF, 0xFFFFFFFF, "count", "0") != SYSERR);
    CHECK(told() > pages - least - 10);
    told();
    CHECK(start(least + 10, 1, "count", "0") != SYSERR);
    CHECK(told() == 10);
    told();
    check_back(pages);
}

static void shares(uint32 least)
{
    uint32 pages = freepages();

    start(least + 300, 4, "share", "0");
    CHECK(told() == SHARE_PAGES - least);
    CHECK(told() == 300 - SHARE_PAGES);
    CHECK(told() == (uint32)SYSERR); /* too many pages, */
    CHECK(told() == (uint32)SYSERR); /* too many processes, */
    CHECK(told() == (uint32)SYSERR); /* and none at all */
    CHECK(told() == 300);
    told();
    check_back(pages);
}

/* Parents end before their children, in one account and in one for each of them. */
static void orphans(void)
{
    uint32 pages = freepages();

    start(200, 3, "orphan", "0");
    told();
    sleepms(20);
    CHECK(prcount == 4 && kcheck() == NULL);
    check_table(1); /* that of the first process, whose account the other one uses */
    end_all();
    check_back(pages);
    pid32 first = start(1000, 30, "chain", "20");
    CHECK(told() == (umsg32)first);
    sleepms(200);
    CHECK(prcount == 4 && kcheck() == NULL);
    check_table(20);
    end_all();
    check_back(pages);
}

/* A process that ends leaves more than is freed at once: the next one can have it all the same. */
static void one_after_the_other(uint32 least)
{
    uint32 pages = freepages();

    start(2 * least + 320, 2, "again", "40");
    CHECK(told() == 0);
    told();
    check_back(pages);
}

/* Next to it, a ring-0 process and a ring-3 process of another family continue undisturbed. */
static void beside(const char *greedy)
{
    uint32 pages = freepages(), wrong = 0;
    int before = prcount;

    pid32 pid = upcreate("greedy", INITPRIO - 5, 2, "greedy", greedy);
    resume(pid);
    sleepms(500);
    CHECK(freepages() > pages / 3 && prcount - before <= NPROC / 2);
    CHECK(freepages() < pages * 2 / 3 || prcount - before > NPROC / 3); /* it has done its worst */
    resume(upcreate("greedy", INITPRIO - 4, 3, "greedy", "good", "50"));
    for (int i = 0; i < 100; i++) {
        char *block = getmem(pages / 4 * 4096);
        pid32 child = create((void *)heartbeat, 4096, 1, "child", 0);
        wrong += block == (char *)SYSERR || child == SYSERR;
        freemem(block, pages / 4 * 4096);
        kill(child);
        recvclr();
    }
    CHECK(wrong == 0);
    CHECK(told() == 0);
    kprintf("beside %s: %u of %u pages are free, %d processes\n", greedy, freepages(), pages, prcount);
    end_all();
    check_back(pages);
}

process main(void)
{
    pid32 heart = start_heartbeat();
    uint32 least = least_pages();

    exact_limits(least);
    shares(least);
    orphans();
    one_after_the_other(least);
    beside("memory");
    beside("spawn");
    beside("bomb");
    kill(heart);
    checks_done();
    return OK;
}
