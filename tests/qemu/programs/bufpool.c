/* Buffer pools: each buffer once, waiting for one, what is refused. */
#include "check.h"

static char *volatile taken;

static process taker(bpid32 pool)
{
    taken = getbuf(pool);
    return OK;
}

/* The size is rounded up, no two buffers overlap, and each holds its bytes. */
static void check_buffers(void)
{
    bpid32 pool = mkbufpool(10, 5);
    char *buffers[5];

    CHECK(pool == 0 && nbpools == 1 && buftab[0].bpsize == 12 && semcount(buftab[0].bpsem) == 5);
    for (int i = 0; i < 5; i++) {
        buffers[i] = getbuf(pool);
        CHECK(buffers[i] != (char *)SYSERR && (uint32)buffers[i] % 4 == 0 && ((bpid32 *)buffers[i])[-1] == pool);
        memset(buffers[i], 'a' + i, 12);
    }
    for (int i = 0; i < 5; i++)
        CHECK(buffers[i][0] == 'a' + i && buffers[i][11] == 'a' + i);
    CHECK(semcount(buftab[pool].bpsem) == 0);
    resume(create(taker, 4096, 30, "taker", 1, pool));
    CHECK(semcount(buftab[pool].bpsem) == -1 && taken == NULL);
    CHECK(freebuf(buffers[2]) == OK && taken == buffers[2]);
    for (int i = 0; i < 5; i++)
        CHECK(freebuf(buffers[i]) == OK); /* the third is the taker's, which any process may give back */
    CHECK(semcount(buftab[pool].bpsem) == 5 && getbuf(pool) == buffers[4] && freebuf(buffers[4]) == OK);
}

static void check_refusals(void)
{
    char *buffer = getbuf(0), text[16] = "";

    CHECK(freebuf(buffer + 4) == SYSERR && freebuf(NULL) == SYSERR && freebuf(text) == SYSERR);
    CHECK(freebuf(buffer) == OK && freebuf(buffer) == SYSERR); /* it is free already */
    CHECK(getbuf(-1) == (char *)SYSERR && getbuf(2) == (char *)SYSERR && getbuf(NBPOOLS) == (char *)SYSERR);
    CHECK(mkbufpool(7, 1) == SYSERR && mkbufpool(8193, 1) == SYSERR && mkbufpool(-8, 1) == SYSERR);
    CHECK(mkbufpool(8, 0) == SYSERR && mkbufpool(8, -1) == SYSERR && mkbufpool(8, 2049) == SYSERR);
    while (nbpools < NBPOOLS - 1)
        CHECK(mkbufpool(BP_MINB, 1) == nbpools - 1);
    CHECK(mkbufpool(BP_MAXB, BP_MAXN) == SYSERR); /* 16 MiB: there is less memory */
    CHECK(mkbufpool(BP_MAXB, 1) == NBPOOLS - 1 && mkbufpool(BP_MINB, 1) == SYSERR);
    CHECK(bufinit() == OK && nbpools == NBPOOLS);
}

/* A pool belongs to no process. */
static process makes_pool(void)
{
    return mkbufpool(64, 100) == 1 ? OK : SYSERR;
}

static void check_owner(void)
{
    resume(create(makes_pool, 4096, 30, "maker", 0));
    freepages(); /* nothing of it is left */
    for (int i = 0; i < 100; i++)
        memset(getbuf(1), 0xff, 64);
    CHECK(nbpools == 2 && semcount(buftab[1].bpsem) == 0 && kcheck() == NULL);
}

process main(void)
{
    check_buffers();
    check_owner();
    check_refusals();
    checks_done();
    return OK;
}
