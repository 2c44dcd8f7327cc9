/* 10,000 processes: each sleeps for its own time, three times, gives way, and ends. */
#include "../check.h"

#define MANY 10000

static byte naps[NPROC];
static volatile uint32 on_time, finished;

/* The clock may interrupt between the load and the store of an addition. */
static void count(volatile uint32 *total, uint32 more)
{
    intmask mask = disable();
    *total += more;
    restore(mask);
}

static process sleeper(uint32 number)
{
    for (int i = 0; i < 3; i++) {
        uint32 msec = 200 + (number * 7 + i * 13) % 100, begin = clkcountermsec;
        sleepms(msec);
        count(&on_time, clkcountermsec - begin >= msec && clkcountermsec - begin <= msec + 100);
        naps[getpid()]++;
        yield();
    }
    count(&finished, 1);
    return OK;
}

process main(void)
{
    uint32 created = 0;
    CHECK(NPROC == 16384);
    for (uint32 i = 0; i < MANY; i++) {
        pid32 pid = create(sleeper, 400, 10, "sleeper", 1, i);
        created += resume(pid) == 10;
    }
    CHECK(created == MANY && prcount == MANY + 2);
    while (finished < MANY)
        sleepms(50);
    uint32 three = 0;
    for (int pid = 0; pid < NPROC; pid++)
        three += naps[pid] == 3;
    CHECK(three == MANY && on_time == 3 * MANY && prcount == 2);
    checks_done();
    return OK;
}
