/* Small names of Xinu, as its programs use them. */
#include "check.h"

static void check_debug(void)
{
    CHECK(stacktrace(getpid()) == stackshow(getpid()) && stacktrace(-1) == SYSERR);
}

shellcmd xsh_something(int nargs, char *args[])
{
    return nargs == 1 && strcmp(args[0], "something") == 0 ? OK : SYSERR;
}

static void check_types(void)
{
    uint u = 0xFFFFFFFF;
    ulong l = u;
    ushort s = (ushort)u;
    uchar c = (uchar)u;

    CHECK(l == u && s == 0xFFFF && c == 0xFF && sizeof(bpid32) == 4);
    CHECK(roundmb(1) == (char *)8 && roundmb(16) == (char *)16 && truncmb(15) == (char *)8 && PAGE_SIZE == 4096);
}

static volatile uint32 turns;

static process spinner(void)
{
    while (turns < 0xFFFFFFFF)
        turns++;
    return OK;
}

/* The rest of the caller's slice, which it may prolong. */
static void check_preempt(void)
{
    pid32 pid = create(spinner, 4096, getprio(getpid()), "spinner", 0);
    uint32 before, begin;

    resume(pid); /* comes back after the other's slice */
    CHECK(turns > 0 && preempt > 0 && preempt <= QUANTUM);
    preempt = 50;
    before = turns;
    for (begin = clkcountermsec; clkcountermsec - begin < 5 * QUANTUM;)
        ;
    CHECK(turns == before && preempt > 30 && preempt < 50);
    preempt = 1;
    for (begin = clkcountermsec; clkcountermsec - begin < 2 * QUANTUM;)
        ;
    CHECK(turns > before);
    kill(pid);
}

process main(void)
{
    char text[] = "something", *args[] = {text};

    check_types();
    check_debug();
    CHECK(xsh_something(1, args) == OK && chprio(getpid(), MAXPRIO) == INITPRIO &&
          chprio(getpid(), INITPRIO) == MAXPRIO);
    bzero(text + 4, 5);
    CHECK(strcmp(text, "some") == 0);
    check_preempt();
    CHECK(netstart() == SYSERR);
    checks_done();
    return OK;
}
