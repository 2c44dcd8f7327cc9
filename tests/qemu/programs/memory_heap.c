/* getmem(), getstk() and their opposites: what they allocate, what they refuse, and what is freed when a
 * process ends. */
#include "check.h"

/* The largest block that getmem() would give now, in pages: less if anything was kept. */
static uint32 free_run(void)
{
    uint32 fits = 0, too_many = 0x40000;
    while (too_many - fits > 1) {
        uint32 pages = (fits + too_many) / 2;
        char *block = getmem(pages * 4096);
        if (block == (char *)SYSERR) {
            too_many = pages;
        } else {
            fits = pages;
            freemem(block, pages * 4096);
        }
    }
    return fits;
}

static const uint32 sizes[] = {1, 8, 9, 16, 17, 100, 513, 1000, 2048, 4096, 4097, 100000};
#define SIZES ((int)(sizeof sizes / sizeof sizes[0]))

/* Blocks of all sizes at once, each filled with its own value: none overlaps another. */
static void check_blocks(void)
{
    static char *blocks[10][SIZES];
    uint32 pages = free_run();
    int aligned = 0, whole = 0, freed = 0;
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < SIZES; k++) {
            blocks[i][k] = getmem(sizes[k]);
            aligned += blocks[i][k] != (char *)SYSERR && (uint32)blocks[i][k] % 8 == 0;
            memset(blocks[i][k], i * SIZES + k, sizes[k]);
        }
    }
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < SIZES; k++) {
            char value = i * SIZES + k, *block = blocks[i][k];
            whole += block[0] == value && (sizes[k] == 1 || memcmp(block, block + 1, sizes[k] - 1) == 0);
            freed += freemem(block, sizes[k]);
        }
    }
    CHECK(aligned == 10 * SIZES && whole == 10 * SIZES && freed == 10 * SIZES * OK && free_run() == pages);
}

static void check_refusals(void)
{
    uint32 pages = free_run();
    CHECK(getmem(0) == (char *)SYSERR && getmem(0xffffffff) == (char *)SYSERR && getmem(0xfffffff9) == (char *)SYSERR);
    CHECK(getmem(0x80000000) == (char *)SYSERR && getmem((pages + 1) * 4096) == (char *)SYSERR);
    CHECK(getmem(pages * 4096 + 1) == (char *)SYSERR);
    CHECK(getstk(0) == (char *)SYSERR && getstk(0xffffffff) == (char *)SYSERR &&
          getstk((pages + 1) * 4096) == (char *)SYSERR);
    CHECK(free_run() == pages);

    static const uint32 tried[] = {24, 2000, 5000, 40000}; /* two in slabs, two in pages of their own */
    for (int i = 0; i < 4; i++) {
        uint32 bytes = tried[i];
        char *keep = getmem(bytes), *block = getmem(bytes);
        uint32 left = free_run();
        memset(block, 'b', bytes);
        CHECK(freemem(block, bytes - 8) == SYSERR && freemem(block, bytes + 8) == SYSERR &&
              freemem(block, 0) == SYSERR);
        CHECK(freemem(block + 8, bytes - 8) == SYSERR && freemem(block + 1, bytes) == SYSERR);
        CHECK(freemem(block - 8, bytes) == SYSERR && freemem(block, 0xffffffff) == SYSERR);
        CHECK(freestk(block, bytes) == SYSERR && free_run() == left);
        CHECK(freemem(block, bytes) == OK && freemem(block, bytes) == SYSERR);
        CHECK(freemem(keep, bytes) == OK && freemem(keep, bytes) == SYSERR && free_run() == pages);
    }
    CHECK(freemem(NULL, 8) == SYSERR && freemem((char *)SYSERR, 8) == SYSERR &&
          freemem((char *)0x100000, 4096) == SYSERR);
    CHECK(freemem((char *)&sizes, 4096) == SYSERR && freemem((char *)0xfffff000, 4096) == SYSERR);
    CHECK(freestk(NULL, 4096) == SYSERR && freestk((char *)SYSERR, 4096) == SYSERR);
    CHECK(freestk((char *)0x100ffc, 4096) == SYSERR && freestk((char *)0xfffffffc, 4096) == SYSERR);
    CHECK(freestk(proctab[getpid()].prstkbase, INITSTK) == SYSERR); /* it is in use */
    CHECK(freemem(proctab[getpid()].prstkbase + 4 - INITSTK, INITSTK) == SYSERR && free_run() == pages);
}

static void check_stacks(void)
{
    uint32 pages = free_run();
    char *top = getstk(10000);
    CHECK(top != (char *)SYSERR && (uint32)top % 4 == 0);
    memset(top + 4 - 10000, 's', 10000);
    uint32 left = free_run();
    CHECK(freestk(top, 4096) == SYSERR && freestk(top - 4, 10000) == SYSERR && freestk(top, 0) == SYSERR);
    CHECK(freemem(top + 4 - 10000, 10000) == SYSERR && freemem(top + 4 - 12288, 12288) == SYSERR && free_run() == left);
    CHECK(freestk(top, 10000) == OK && freestk(top, 10000) == SYSERR && free_run() == pages);
    char *block = getmem(pages * 4096); /* the pages of the stack are ordinary memory again */
    for (uint32 i = 0; i < pages; i++)
        block[i * 4096] = 1;
    CHECK(freemem(block, pages * 4096) == OK);
}

static process greedy(int how)
{
    for (int k = 0; k < SIZES; k++)
        memset(getmem(sizes[k]), 'g', sizes[k]);
    getstk(8192);
    if (how == 1)
        exit();
    if (how == 2)
        receive();
    return OK;
}

/* Far more than the memory of the machine in all: a process that ends by itself, by exit() or by kill() frees
 * everything. */
static void check_ends(void)
{
    uint32 pages = free_run();
    int ended = 0;
    for (int i = 0; i < 3000; i++) {
        pid32 pid = create(greedy, 30000, 30, "greedy", 1, i % 3);
        if (resume(pid) == 30 && i % 3 == 2)
            kill(pid);
        ended += receive() == (umsg32)pid && proctab[pid].prstate == PR_FREE;
    }
    CHECK(ended == 3000 && prcount == 2 && free_run() == pages);
    pid32 giver = create(greedy, 4096, 30, "giver", 1, 2);
    resume(giver);
    CHECK(free_run() < pages && kill(giver) == OK && receive() == (umsg32)giver && free_run() == pages);
}

static void check_big_stack(void)
{
    uint32 pages = free_run();
    pid32 pid = create(greedy, 64 << 20, 20, "big", 1, 0);
    CHECK((pid == SYSERR) == (pages <= 64 << 8));
    if (pid != SYSERR)
        CHECK(kill(pid) == OK && receive() == (umsg32)pid);
    else
        CHECK(prcount == 2 && getstk(64 << 20) == (char *)SYSERR);
    CHECK(free_run() == pages);
}

process main(void)
{
    check_blocks();
    check_refusals();
    check_stacks();
    check_ends();
    check_big_stack();
    checks_done();
    return OK;
}
