/* Arguments of the debug calls that cannot be right: the caller gets SYSERR, or is ended, and only that. */
#include "check.h"

static uint32 before[4];

static process sleeper(void)
{
    return sleepms(1000);
}

static process bad_offset(void)
{
    disable();
    funcname((uint32)sleeper, (uint32 *)8);
    return OK;
}

process main(void)
{
    pid32 pid = create(sleeper, 4096, 30, "sleeper", 0);
    resume(pid);
    const void *from = proctab[pid].prstkptr;

    CHECK(stackcompare(pid, from, before, 0x7FFFFFFF) == SYSERR);
    CHECK(stackcompare(pid, from, before, 0x40000001) == SYSERR); /* times 4, this is 4 */
    CHECK(stackcompare(pid, from, before, 0xFFFFFFFF) == SYSERR);
    CHECK(stackcompare(pid, from, NULL, 4) == SYSERR);
    CHECK(stackcompare(pid, from, (uint32 *)0xFFFFFFF8, 4) == SYSERR);
    CHECK(stackcompare(NPROC, from, before, 4) == SYSERR);
    CHECK(stackcompare(pid, from, before, 4) == OK);
    CHECK(stackcompare(pid, (void *)2, before, 4) == OK);
    CHECK(stackcompare(pid, from, NULL, 0) == OK);
    kill(pid);
    receive(); /* of its end */

    pid = create(bad_offset, 4096, 30, "bad offset", 0);
    resume(pid);
    CHECK(receive() == (umsg32)pid && kcheck() == NULL);
    checks_done();
    return OK;
}
