// The calls of other course terms from C++, where <xinu/courses.h> declares them.
#pragma GCC diagnostic ignored "-Wvolatile" // check.h counts as C does
#include "check.h"

#include <xinu/courses.h>

static lock_t mutex;
static umsg32 buffer;
static volatile int calls;

static int on_event()
{
    calls = calls + 1;
    return OK;
}

static void spin(uint32 msec)
{
    for (const uint32 begin = clktimefine; clktimefine - begin < msec;) {
    }
}

process main()
{
    CHECK(initlock(&mutex) == OK && lock(&mutex) == OK && mutex.owner == getpid() && unlock(&mutex) == OK);
    const int32 descriptor = lcreate();
    CHECK(lock(static_cast<uint32>(descriptor), WRITE, 5) == OK && releaseall(1, descriptor) == OK);
    CHECK(registerrecv(&buffer, on_event) == OK && alarmx(2, on_event) == OK);
    CHECK(sendb(getpid(), 7) == OK);
    spin(5);
    CHECK(calls == 2 && buffer == 7 && cbunregister() == OK);
    CHECK(sendb(getpid(), 1, 10) == OK && sendb(getpid(), 2, 10) == SYSERR && receiveb() == 1);
    CHECK(proctab[currpid].prcpuused >= 5 && childwait() == SYSERR);
    checks_done();
    return OK;
}
