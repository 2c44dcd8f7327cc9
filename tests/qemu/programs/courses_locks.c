/* Locks of other course terms, by address and by descriptor. */
#pragma GCC diagnostic ignored "-Wimplicit-function-declaration" /* as course programs use them */
#include "check.h"

static char order[64];
static uint32 count;

static void note(char c)
{
    order[count++] = c;
}

static bool8 order_is(const char *expected)
{
    bool8 equal = count == strlen(expected) && memcmp(order, expected, count) == 0;
    if (!equal)
        kprintf("order: %.*s\n", (int)count, order);
    count = 0;
    return equal;
}

static void spin(uint32 msec)
{
    uint32 begin;
    for (begin = clkcountermsec; clkcountermsec - begin < msec;)
        ;
}

/* ---- by address ---- */

static lock_t mutex;
static sl_lock_t spinning;

process locks(char c)
{
    lock(&mutex);
    note(c);
    sleepms(3);
    note(c);
    unlock(&mutex);
    return OK;
}

static void start(void *function, pri16 priority, char c)
{
    pid32 pid = create(function, 1024, priority, "process", 1, c);
    proctab[pid].prparent = NULLPROC;
    resume(pid);
}

static void check_mutex(void)
{
    static lock_t many[NMUTEXES], other;
    uint32 i, made = 0;

    CHECK(lock(&mutex) == SYSERR && unlock(&mutex) == SYSERR); /* not initialized */
    CHECK(initlock(&mutex) == OK && unlock(&mutex) == SYSERR && initlock(NULL) == SYSERR);
    start(locks, 30, 'a');
    start(locks, 25, 'b');
    start(locks, 40, 'c');
    CHECK(mutex.flag == 1 && unlock(&mutex) == SYSERR && initlock(&mutex) == SYSERR);
    sleepms(20);
    CHECK(order_is("aabbcc") && mutex.flag == 0 && mutex.owner == -1);
    CHECK(lock(&mutex) == OK && mutex.owner == getpid() && unlock(&mutex) == OK);
    for (i = 0; i < NMUTEXES; i++)
        made += initlock(&many[i]) == OK ? 1 : 0;
    CHECK(made == NMUTEXES - 1 && al_initlock(&other) == SYSERR && initlock(&many[0]) == OK);
    CHECK(kcheck() == NULL);
}

process spins(char c)
{
    sl_lock(&spinning);
    note(c);
    spin(5);
    note(c);
    sl_unlock(&spinning);
    return OK;
}

static void check_spinning(void)
{
    uint32 word = 5;

    CHECK(sl_initlock(&spinning) == OK && sl_unlock(&spinning) == SYSERR && sl_lock(NULL) == SYSERR);
    start(spins, 15, 'a');
    start(spins, 15, 'b');
    sleepms(50);
    CHECK(order_is("aabb") || order_is("bbaa"));
    CHECK(test_and_set(&word, 7) == 5 && word == 7);
}

/* ---- by descriptor ---- */

static int32 ld;

/* Locks, notes its letter, holds it for a while, notes the small letter. */
static process holds(int32 type, char c, int32 priority)
{
    syscall result = lock(ld, type, priority);

    if (result != OK) {
        note(result == DELETED ? 'd' : 'x');
        return OK;
    }
    note(c);
    sleepms(10);
    note(c - 'A' + 'a');
    releaseall(1, ld);
    return OK;
}

process reads(char c, int32 priority)
{
    return holds(READ, c, priority);
}

process writes(char c, int32 priority)
{
    return holds(WRITE, c, priority);
}

static pid32 start_with(void *function, char c, int32 priority)
{
    pid32 pid = create(function, 1024, 30, "process", 2, c, priority);
    proctab[pid].prparent = NULLPROC;
    resume(pid);
    return pid;
}

static void check_errors(void)
{
    int32 many[NRWLOCKS + 1], i, good = 0;

    for (i = 0; i <= NRWLOCKS; i++)
        many[i] = lcreate();
    CHECK(many[0] == 0 && many[NRWLOCKS - 1] == NRWLOCKS - 1 && many[NRWLOCKS] == SYSERR);
    for (i = 0; i < NRWLOCKS; i++)
        good += ldelete(many[i]) == OK ? 1 : 0;
    CHECK(good == NRWLOCKS && ldelete(0) == SYSERR && ldelete(-1) == SYSERR && ldelete(NRWLOCKS) == SYSERR);
    CHECK(lock(0, READ, 1) == SYSERR && lock(-1, READ, 1) == SYSERR && lock(NRWLOCKS, READ, 1) == SYSERR);
    ld = lcreate();
    CHECK(lock(ld, 3, 1) == SYSERR && releaseall(1, ld) == SYSERR && lock(ld, READ, 1) == OK);
    CHECK(lock(ld, WRITE, 1) == SYSERR && releaseall(1, ld) == OK && releaseall(2, ld, 77) == SYSERR);
    many[0] = lcreate();
    lock(ld, READ, 1);
    lock(many[0], WRITE, 1);
    CHECK(releaseall(2, ld, many[0]) == OK && releaseall(2, ld, many[0]) == SYSERR && ldelete(many[0]) == OK);
}

static void check_readers_and_writers(void)
{
    start_with(reads, 'A', 10); /* readers share it */
    start_with(reads, 'B', 10);
    start_with(writes, 'C', 10); /* waits */
    start_with(reads, 'D', 10);  /* not before the writer */
    start_with(reads, 'E', 11);  /* more urgent than it */
    CHECK(order_is("ABE"));
    sleepms(60);
    CHECK(order_is("abeCcDd"));

    /* the priority of waiting decides, not the order */
    start_with(writes, 'A', 1);
    start_with(reads, 'B', 5);
    start_with(writes, 'C', 7);
    start_with(reads, 'D', 6);
    start_with(writes, 'E', 5); /* as the first reader, and less than 400 msec later */
    sleepms(80);
    CHECK(order_is("AaCcDdEeBb"));
    CHECK(kcheck() == NULL);
}

/* A reader that has waited much longer than a writer comes first. */
static void check_long_wait(void)
{
    pid32 pid;

    CHECK(lock(ld, WRITE, 1) == OK);
    pid = start_with(reads, 'A', 5);
    CHECK(proctab[pid].prstate == PR_LOCK && kcheck() == NULL);
    sleepms(500);
    start_with(writes, 'B', 5);
    CHECK(releaseall(1, ld) == OK);
    sleepms(50);
    CHECK(order_is("AaBb"));
}

static void check_ends(void)
{
    pid32 holder, waiting;

    holder = start_with(writes, 'A', 1);
    waiting = start_with(writes, 'B', 1);
    start_with(reads, 'C', 1);
    kill(waiting);
    kill(holder); /* gives it up */
    CHECK(kcheck() == NULL);
    sleepms(30);
    CHECK(order_is("ACc"));

    CHECK(lock(ld, READ, 1) == OK);
    start_with(writes, 'A', 1);
    start_with(reads, 'B', 1);
    CHECK(ldelete(ld) == OK && order_is("dd") && releaseall(1, ld) == SYSERR && kcheck() == NULL);
}

process main(void)
{
    check_errors();
    check_readers_and_writers();
    check_long_wait();
    check_ends();
    check_spinning();
    check_mutex();
    checks_done();
    return OK;
}
