/* Pipes, memory and small calls of other course terms. */
#pragma GCC diagnostic ignored "-Wimplicit-function-declaration" /* as course programs use them */
#pragma GCC diagnostic ignored "-Wint-conversion"
#include "check.h"

static char sent[1000], copy[1000];
static volatile int32 written, got;

process writer(pipid32 pipe, uint32 length)
{
    written = pipwrite(pipe, sent, length);
    return OK;
}

process reader(pipid32 pipe, uint32 most)
{
    int32 count;

    got = 0;
    while ((count = pipread(pipe, copy + got, most)) > 0)
        got += count;
    got += count == SYSERR ? 0 : 10000;
    return OK;
}

static void start_pair(pipid32 pipe, uint32 length, uint32 most, bool8 reversed)
{
    pid32 w = create(writer, 1024, 30, "writer", 2, pipe, length);
    pid32 r = create(reader, 1024, reversed ? 40 : 25, "reader", 2, pipe, most);
    written = got = 0;
    CHECK((reversed ? pipconnect(pipe, r, w) : pipconnect(pipe, w, r)) == OK);
    resume(w);
    resume(r);
    sleepms(5);
    CHECK(isbadpid(w) && isbadpid(r));
}

static void check_count(void)
{
    pipid32 first = pipcreate(), second = pipcreate();

    CHECK(first != second && pipcount == 2);
    CHECK(pipdelete(first) == OK && pipcount == 1 && pipdelete(second) == OK && pipcount == 0);
}

static void check_bytes(void)
{
    pipid32 pipe = pipcreate();
    uint32 i;

    for (i = 0; i < sizeof sent; i++)
        sent[i] = (char)(i * 7 + i / 256);
    CHECK(pipe >= 0);
    start_pair(pipe, 1000, 7, FALSE);
    CHECK(written == 1000 && got == 1000 && memcmp(sent, copy, 1000) == 0);
    memset(copy, 0, sizeof copy);
    CHECK(pipconnect(pipe, getpid(), getpid()) == SYSERR && pipdisconnect(pipe) == OK);
    start_pair(pipe, 999, 300, TRUE);
    CHECK(written == 999 && got == 999 && memcmp(sent, copy, 999) == 0);
    CHECK(pipdelete(pipe) == OK && pipdelete(pipe) == SYSERR && kcheck() == NULL);
}

process nobody(void)
{
    sleepms(1000);
    return OK;
}

static void check_errors(void)
{
    pid32 other = create(nobody, 1024, 10, "nobody", 0);
    pipid32 pipe, many[NPIPE + 1];
    uint32 i;
    char c[4];

    for (i = 0; i < NPIPE; i++)
        many[i] = pipcreate();
    CHECK(many[NPIPE - 1] >= 0 && pipcreate() == SYSERR);
    for (i = 0; i < NPIPE; i++)
        many[i] = pipdelete(many[i]);
    CHECK(many[0] == OK && many[NPIPE - 1] == OK);
    pipe = pipcreate();
    CHECK(pipread(pipe, c, 1) == SYSERR && pipwrite(pipe, c, 1) == SYSERR && pipdisconnect(pipe) == SYSERR);
    CHECK(pipconnect(pipe, getpid(), 77) == SYSERR && pipconnect(pipe, NULLPROC, other) == SYSERR &&
          pipconnect(-1, getpid(), other) == SYSERR && pipconnect(NPIPE, getpid(), other) == SYSERR);
    CHECK(pipconnect(pipe, getpid(), other) == OK && pipconnect(pipe, getpid(), other) == SYSERR);
    CHECK(pipwrite(pipe, NULL, 1) == SYSERR && pipwrite(pipe, "abc", 3) == 3 && pipread(pipe, c, 3) == SYSERR);
    CHECK(pipwrite(pipe, "abc", 0) == 0);
    kill(other); /* the reader, which has not read */
    CHECK(pipwrite(pipe, "abc", 3) == SYSERR && pipdelete(pipe) == OK);
}

process creates_and_ends(void)
{
    got = pipcreate();
    return OK;
}

/* The reader waits when the writer ends; the owner ends. */
static void check_ends(void)
{
    pipid32 pipe = pipcreate();
    pid32 other = create(nobody, 1024, 10, "nobody", 0), r = create(reader, 1024, 30, "reader", 2, pipe, 10);

    pipconnect(pipe, other, r);
    resume(r);
    CHECK(proctab[r].prstate == PR_WAIT);
    kill(other);
    CHECK(isbadpid(r) && got == 0 && kcheck() == NULL);
    CHECK(pipdelete(pipe) == OK);

    pipe = pipcreate();
    other = create(nobody, 1024, 10, "nobody", 0);
    r = create(reader, 1024, 30, "reader", 2, pipe, 10);
    pipconnect(pipe, other, r);
    resume(r);
    kill(r); /* while it waits */
    CHECK(pipdisconnect(pipe) == OK && pipdelete(pipe) == OK && kcheck() == NULL);
    kill(other);

    resume(create(creates_and_ends, 1024, 30, "owner", 0));
    pipe = pipcreate();
    CHECK(pipe == got && pipdelete(pipe) == OK);
}

static void check_memory(void)
{
    static const uint32 sizes[] = {1, 8, 16, 66, 100, 1024, 1025, 4096, 10000};
    uint32 i, alignment, wrong = 0, bytes, before = freepages();
    char *block;

    CHECK(aligned_getmem(0, 8) == SYSERR && aligned_getmem(16, 3) == SYSERR);
    CHECK(aligned_getmem(16, 0) == SYSERR && aligned_getmem(0x7FFFFFFF, 16) == SYSERR);
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (alignment = 1; alignment <= 2048; alignment *= 2) {
            block = aligned_getmem(sizes[i], alignment);
            wrong += block == (char *)SYSERR || (uint32)block % alignment != 0 || freemem(block, sizes[i]) != OK;
        }
    }
    CHECK(wrong == 0 && freepages() == before);
    block = aligned_getmem(16, 4096);
    CHECK((uint32)block % 4096 == 0 && (uint32)aligned_getmem(5000, 65536) % 65536 == 0);
    memset(block, 1, 16);
    CHECK(r_mem_allocated(getpid(), &bytes) == OK && bytes == 0 && r_mem_allocated(getpid(), NULL) == SYSERR);
    block = getmem_r(100);
    CHECK(r_mem_allocated(getpid(), &bytes) == OK && bytes == 100 && freemem_r(block, 96) == SYSERR);
    CHECK(freemem_r(block, 100) == OK && r_mem_allocated(getpid(), &bytes) == OK && bytes == 0);
    block = (char *)getmemgb(200);
    CHECK(freememgb(block + 8, 200) == SYSERR && freememgb(block, 200) == OK && r_mem_allocated(-1, &bytes) == SYSERR);
}

static void check_small(void)
{
    CHECK(wgetpid() == getpid() && getpidtrap() == getpid() && wgetprio(getpid()) == INITPRIO &&
          wgetprio(-1) == SYSERR);
    CHECK(wgetppid(getpid()) == proctab[currpid].prparent && wgetppid(NPROC) == SYSERR);
    XTEST_KPRINTF("a line of %s\n", "XTEST_KPRINTF");
    XINUTEST_PRINT("a line of %s\n", "XINUTEST_PRINT");
    if (XINUDEBUG == 1)
        XDEBUG_KPRINTF("at %d\n", clkcounterfine);
}

process main(void)
{
    check_count();
    check_bytes();
    check_errors();
    check_ends();
    check_memory();
    check_small();
    checks_done();
    return OK;
}
