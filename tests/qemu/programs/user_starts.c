/* Starts of ring-3 processes: ten thousand, as many as the table holds, and with too little memory by every
 * number of pages. */
#include "user.h"

#define STARTS 10000
#define MOST_PAGES 64 /* more than a small process needs */

static void start_many(void)
{
    uint32 pages = freepages(), wrong = 0;

    for (int i = 0; i < STARTS; i++) {
        pid32 pid = upcreate("sender", USER_PRIORITY, 1, "sender"); /* it does nothing */
        wrong += resume(pid) != USER_PRIORITY || receive() != (umsg32)pid || freepages() != pages;
    }
    CHECK(wrong == 0);
    check_alive(pages);
}

/* Suspended, running and dead ones are freed alike. */
static void fill_table(void)
{
    static pid32 pids[NPROC];
    uint32 pages = freepages();
    int count = 0;

    while ((pids[count] = upcreate("spin", INITPRIO - 10, 1, "spin")) != SYSERR)
        count++;
    CHECK(prcount == NPROC && count == NPROC - 3);
    for (int i = 0; i < count; i += 2)
        resume(pids[i]);
    sleepms(count * QUANTUM); /* each has its turn */
    for (int i = 0; i < count; i++)
        CHECK(kill(pids[i]) == OK && receive() == (umsg32)pids[i]);
    check_alive(pages);
}

struct block {
    struct block *next;
};

/* Takes all memory, and gives it back a page at a time: with n pages a start fails at another allocation than
 * with n - 1. */
static void start_without_memory(void)
{
    uint32 pages = freepages(), failures = 0, wrong = 0, n = 0;
    struct block *blocks = NULL, *block;

    while ((block = (struct block *)getmem(4096)) != (struct block *)SYSERR) {
        block->next = blocks;
        blocks = block;
    }
    for (; n < MOST_PAGES && blocks != NULL; n++) {
        uint32 before = freepages();
        pid32 pid = upcreate("sender", USER_PRIORITY, 1, "sender");
        if (pid == SYSERR)
            failures++;
        else
            wrong += failures != n || resume(pid) != USER_PRIORITY || receive() != (umsg32)pid;
        wrong += freepages() != before;
        if (pid != SYSERR)
            break;
        block = blocks->next;
        freemem((char *)blocks, 4096);
        blocks = block;
    }
    kprintf("a start takes %u pages\n", n);
    CHECK(wrong == 0 && failures == n && n > 20 && n < MOST_PAGES);
    while (blocks != NULL) {
        block = blocks->next;
        freemem((char *)blocks, 4096);
        blocks = block;
    }
    check_alive(pages);
}

process main(void)
{
    pid32 heart = start_heartbeat();

    start_many();
    fill_table();
    start_without_memory();
    kill(heart);
    checks_done();
    return OK;
}
