/* Semaphores: order, counts, release, the end of a process that waits, and ids that name none. */
#include "check.h"

#define PROGRAMS (NSEM - SYSTEM_SEMAPHORES)

static char notes[32];
static volatile uint32 noted;
static volatile int results;

static int notes_are(const char *expected)
{
    int equal = noted == strlen(expected) && memcmp(notes, expected, noted) == 0;
    if (!equal)
        kprintf("noted: %.*s\n", (int)noted, notes);
    noted = 0;
    return equal;
}

static process waiter(sid32 sem, char c)
{
    results += wait(sem);
    notes[noted++] = c;
    return OK;
}

static pid32 start(sid32 sem, pri16 priority, char c)
{
    pid32 pid = create(waiter, 4096, priority, "waiter", 2, sem, c);
    resume(pid);
    return pid;
}

static void check_counting(void)
{
    sid32 sem = semcreate(2);
    CHECK(semcount(sem) == 2 && wait(sem) == OK && wait(sem) == OK && semcount(sem) == 0);
    pid32 a = start(sem, 30, 'a');
    CHECK(proctab[a].prstate == PR_WAIT && proctab[a].prsem == sem && semcount(sem) == -1 && semtab[sem].scount == -1);
    start(sem, 40, 'b'); /* first come, first served, whatever the priority */
    start(sem, 25, 'c');
    CHECK(semcount(sem) == -3 && notes_are(""));
    CHECK(signal(sem) == OK && notes_are("a") && semcount(sem) == -2);
    CHECK(signaln(sem, 5) == OK && notes_are("bc") && semcount(sem) == 3);
    CHECK(signaln(sem, 0) == OK && semcount(sem) == 3);
    CHECK(signaln(sem, -1) == SYSERR && semcount(sem) == 3);
    CHECK(signaln(sem, 0x7fffffff) == SYSERR && semcount(sem) == 3);
    CHECK(semdelete(sem) == OK && semcount(sem) == SYSERR);
    sem = semcreate(0x7fffffff);
    CHECK(signal(sem) == SYSERR && semcount(sem) == 0x7fffffff && wait(sem) == OK && signal(sem) == OK);
    semdelete(sem);
    recvclr();
}

static void check_release(void)
{
    sid32 sem = semcreate(0);
    start(sem, 30, 'a');
    start(sem, 40, 'b');
    start(sem, 30, 'c');
    results = 0;
    CHECK(semreset(sem, -1) == SYSERR && semcount(sem) == -3);
    CHECK(semreset(sem, 4) == OK && notes_are("bac") && semcount(sem) == 4 && results == 3 * OK); /* by priority */
    semreset(sem, 0);
    start(sem, 30, 'd');
    start(sem, 15, 'e');
    CHECK(semdelete(sem) == OK && notes_are("d") && semcount(sem) == SYSERR); /* the lower one is ready */
    sleepms(1);
    CHECK(notes_are("e"));
    recvclr();
}

static void check_end_of_waiter(void)
{
    sid32 sem = semcreate(0);
    pid32 a = start(sem, 30, 'a'), b = start(sem, 30, 'b'), c = start(sem, 30, 'c');
    CHECK(kill(b) == OK && semcount(sem) == -2 && receive() == (umsg32)b); /* from the middle */
    CHECK(signal(sem) == OK && notes_are("a") && semcount(sem) == -1);
    CHECK(kill(c) == OK && semcount(sem) == 0); /* the last */
    CHECK(signal(sem) == OK && notes_are("") && semcount(sem) == 1 && proctab[a].prstate == PR_FREE);
    semdelete(sem);
    recvclr();
}

static void check_nobodys(sid32 sem)
{
    static struct sentry before[NSEM];
    memcpy(before, semtab, sizeof before);
    CHECK(wait(sem) == SYSERR && signal(sem) == SYSERR && signaln(sem, 1) == SYSERR);
    CHECK(semcount(sem) == SYSERR && semreset(sem, 1) == SYSERR && semdelete(sem) == SYSERR);
    CHECK(memcmp(before, semtab, sizeof before) == 0);
}

static void check_full_table(void)
{
    static byte used[NSEM];
    static sid32 ids[NSEM];
    for (int round = 0; round < 3; round++) {
        int created = 0, once = 0;
        memset(used, 0, sizeof used);
        for (sid32 sem = semcreate(round); sem != SYSERR && created < PROGRAMS; sem = semcreate(round)) {
            ids[created++] = sem;
            used[sem]++;
        }
        for (int i = 0; i < NSEM; i++)
            once += used[i] == 1 && semcount(i) == round;
        CHECK(created == PROGRAMS && once == PROGRAMS && semcreate(0) == SYSERR);
        int deleted = 0;
        for (int i = 0; i < created; i++)
            deleted += semdelete(ids[i]);
        CHECK(deleted == PROGRAMS * OK);
    }
}

process main(void)
{
    check_counting();
    check_release();
    check_end_of_waiter();
    CHECK(semcreate(-1) == SYSERR && semcreate(0x80000000) == SYSERR);
    sid32 deleted = semcreate(0);
    CHECK(semdelete(deleted) == OK);
    check_nobodys(deleted);
    check_nobodys(-1);
    check_nobodys(NSEM); /* the kernel's own stand there */
    check_nobodys(0x7fffffff);
    check_nobodys((sid32)0x80000000);
    check_full_table();
    checks_done();
    return OK;
}
