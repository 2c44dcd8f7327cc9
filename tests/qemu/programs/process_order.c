/* Which process runs when: priorities, turns among equals, the quantum, and waking in order. */
#include "check.h"

static char notes[64];
static volatile uint32 noted;

static void note(char c)
{
    notes[noted++ % sizeof notes] = c;
}

static int notes_are(const char *expected)
{
    int equal = noted == strlen(expected) && memcmp(notes, expected, noted) == 0;
    if (!equal)
        kprintf("noted: %.*s\n", (int)noted, notes);
    noted = 0;
    return equal;
}

static process mark(char c)
{
    note(c);
    return OK;
}

static pid32 start(pri16 priority, char c)
{
    pid32 pid = create(mark, 4096, priority, "mark", 1, c);
    resume(pid);
    return pid;
}

static void check_priorities(void)
{
    start(25, 'h'); /* above us: at once */
    note('.');
    start(INITPRIO, 'e'); /* our equal: at once too, and we go after it */
    note('.');
    start(5, 'a');
    start(15, 'b');
    start(10, 'c');
    start(15, 'd');
    start(32767, 'z');
    note('.');
    sleepms(1);
    CHECK(notes_are("h.e.z.bdca"));
}

static void check_chprio(void)
{
    pid32 a = start(5, 'a'), b = start(6, 'b'), c = start(7, 'c');
    CHECK(chprio(a, 8) == 5 && chprio(c, 4) == 7 && chprio(b, 6) == 6);
    sleepms(1);
    CHECK(notes_are("cba")); /* they were ready already */
    a = start(5, 'a');
    CHECK(chprio(a, 21) == 5 && getprio(a) == 21 && yield() == OK && notes_are(""));
    CHECK(suspend(a) == 21 && resume(a) == 21 && notes_are("a")); /* ready anew, and above us */
    b = start(10, 'b');
    c = start(12, 'c');
    CHECK(chprio(getpid(), 11) == INITPRIO && notes_are(""));
    CHECK(yield() == OK && notes_are("c")); /* now it is above us, the other not */
    CHECK(chprio(getpid(), INITPRIO) == 11 && notes_are(""));
    sleepms(1);
    CHECK(notes_are("b"));
    CHECK(chprio(getpid(), 4) == INITPRIO && getpid() == currpid);
    a = start(5, 'a');
    CHECK(notes_are("a")); /* create() and resume() go by it at once */
    CHECK(chprio(getpid(), INITPRIO) == 4);
}

static process polite(char c)
{
    for (int i = 0; i < 3; i++) {
        note(c);
        CHECK(yield() == OK);
    }
    return OK;
}

static process resched_user(char c)
{
    for (int i = 0; i < 2; i++) {
        note(c);
        resched();
    }
    return OK;
}

static void check_turns(void)
{
    resume(create(polite, 4096, 10, "polite", 1, 'A'));
    resume(create(polite, 4096, 10, "polite", 1, 'B'));
    start(9, 'c'); /* yield() never yields to a lower one */
    sleepms(5);
    CHECK(notes_are("ABABABc"));
    resume(create(resched_user, 4096, 10, "resched", 1, 'A'));
    resume(create(resched_user, 4096, 10, "resched", 1, 'B'));
    sleepms(5);
    CHECK(notes_are("ABAB"));
}

static volatile uint32 turns, began[64];
static volatile pid32 runner;

static process loop(void)
{
    while (clkcountermsec != 0) {
        if (runner == getpid())
            continue;
        intmask mask = disable();
        runner = getpid();
        began[turns++ % 64] = clkcountermsec;
        restore(mask);
    }
    return OK;
}

static void check_quantum(void)
{
    pid32 first = create(loop, 4096, 10, "loop", 0), second = create(loop, 4096, 10, "loop", 0);
    resume(first);
    resume(second);
    pid32 never = create(mark, 4096, 9, "below", 1, 'x');
    resume(never);
    sleepms(60);
    CHECK(proctab[first].prstate == PR_READY && proctab[second].prstate == PR_READY);
    CHECK(turns >= 25 && notes_are(""));
    uint32 exact = 0;
    for (uint32 i = 2; i < turns; i++)
        exact += began[i] - began[i - 1] == QUANTUM;
    CHECK(exact == turns - 2);
    kill(first);
    kill(second);
    kill(never);
    recvclr();
    CHECK(prcount == 2);
}

static process napper(int32 msec, char c)
{
    CHECK(sleepms(msec) == OK);
    note(c);
    return OK;
}

static void check_waking(void)
{
    static const struct {
        int32 msec;
        char c;
    } naps[] = {{9, 'e'}, {3, 'b'}, {5, 'c'}, {1, 'a'}, {5, 'd'}};
    sleepms(1); /* start just after a tick, so that all begin in the same millisecond */
    for (int i = 0; i < 5; i++)
        resume(create(napper, 4096, 30, "napper", 2, naps[i].msec, naps[i].c));
    wakeup(); /* no process is due */
    CHECK(notes_are(""));
    sleepms(12);
    CHECK(notes_are("abcde"));
    static const int32 lengths[] = {1, 2, 7, 50};
    for (int i = 0; i < 4; i++) {
        uint32 begin = clkcountermsec;
        CHECK(sleepms(lengths[i]) == OK && clkcountermsec - begin == (uint32)lengths[i]);
    }
    uint32 msec = clkcountermsec, second = clktime;
    CHECK(sleep(2) == OK && clkcountermsec - msec == 2000 && clktime - second == 2 && clktime == clkcountermsec / 1000);
    msec = clkcountermsec;
    CHECK(sleepms(-1) == SYSERR && sleep(-1) == SYSERR && sleep(MAXSECONDS + 1) == SYSERR &&
          sleep(0x7fffffff) == SYSERR);
    CHECK(sleepms(0x80000000) == SYSERR && sleepms(0) == OK && sleep(0) == OK && clkcountermsec - msec < 2);
    start(INITPRIO, 'y');
    pid32 equal = create(mark, 4096, INITPRIO, "mark", 1, 'z');
    ready(equal);
    CHECK(notes_are("yz"));
    pid32 lasting = create(napper, 4096, 30, "napper", 2, 0x7fffffff, 'n');
    resume(lasting);
    CHECK(proctab[lasting].prstate == PR_SLEEP && kill(lasting) == OK);
    recvclr();
}

static void spin(uint32 rounds)
{
    for (volatile uint32 i = 0; i < rounds; i++) {
    }
}

static void check_interrupt_mask(void)
{
    intmask outer = disable();
    uint32 msec = clkcountermsec;
    intmask inner = disable();
    spin(100000); /* some ten milliseconds */
    restore(inner);
    spin(100000);
    CHECK(outer != 0 && inner == 0 && clkcountermsec == msec);
    restore(outer);
    spin(100000);
    CHECK(clkcountermsec != msec);
    disable();
    msec = clkcountermsec;
    enable();
    spin(100000);
    CHECK(clkcountermsec != msec);
    disable();
    msec = clkcountermsec;
    CHECK(sleepms(3) == OK &&
          clkcountermsec - msec >= 3); /* others run with interrupts on; for us they are masked again */
    CHECK(disable() == 0);
    enable();
}

process main(void)
{
    check_priorities();
    check_chprio();
    check_turns();
    check_quantum();
    check_waking();
    check_interrupt_mask();
    checks_done();
    return OK;
}
