/* Processes with much memory begin and end, and no tick is lost: the time stamp counter says how many there
 * were. */
#include "user.h"

#define HELD_PAGES "25600" /* 100 MiB */
#define ALL 0xFFFFFFFF

static uint32 ticks_per_msec; /* of the time stamp counter, / 1024 */
static volatile uint64 longest;

static process watch(void)
{
    uint64 last = getticks();

    while (sleepms(1) == OK) {
        uint64 now = getticks();
        if (now - last > longest)
            longest = now - last;
        last = now;
    }
    return OK;
}

static uint64 begun_at;
static uint32 begun_msec;

static void begin(void)
{
    sleepms(1);
    longest = 0;
    begun_at = getticks();
    begun_msec = clkcountermsec;
}

static void check_clock(const char *what)
{
    sleepms(50);
    uint32 counted = clkcountermsec - begun_msec;
    uint32 passed = (uint32)((getticks() - begun_at) >> 10) / ticks_per_msec;
    uint32 gap = (uint32)(longest >> 10) * 10 / ticks_per_msec;

    kprintf("%s: %u msec counted, %u passed; longest wait for a tick %u.%u msec\n", what, counted, passed, gap / 10,
            gap % 10);
    CHECK(counted + 1 >= passed && gap < 20);
}

static pid32 start_large(void)
{
    pid32 pid = upcreatelim("greedy", INITPRIO - 5, 0, ALL, ALL, 3, "greedy", "hold", HELD_PAGES);

    resume(pid);
    CHECK(receive() == 25600);
    return pid;
}

static void end_user(void)
{
    begin();
    pid32 pid = start_large();
    check_clock("begin of 100 MiB in ring 3");
    for (int i = 0; i < 2; i++) {
        begin();
        kill(pid);
        receive();
        CHECK(proctab[pid].prstate == PR_FREE);
        pid = start_large(); /* which needs what the other left behind */
        check_clock("end of 100 MiB in ring 3, and the same again");
    }
    begin();
    kill(pid);
    receive();
    char *all = getmem(110 << 20);
    check_clock("end of 100 MiB in ring 3, then a block of 110");
    CHECK(all != (char *)SYSERR && freemem(all, 110 << 20) == OK);
}

static void end_large_image(void)
{
    begin();
    pid32 pid = upcreatelim("wide", INITPRIO - 5, 0, ALL, ALL, 1, "wide");
    check_clock("begin of a program of 20 MiB");
    CHECK(pid != SYSERR);
    begin();
    resume(pid);
    receive();
    check_clock("its end");
}

static void many_blocks(void)
{
    send(proctab[currpid].prparent, 1);
    for (int i = 0; i < 20000; i++)
        getmem(i % 2 == 0 ? 1024 : 4096);
    receive();
}

/* Blocks in ring 0, freed at the end of their process and at that of another. */
static void end_blocks(int killed)
{
    pid32 pid = create((void *)many_blocks, 4096, INITPRIO + 5, "many blocks", 0);

    resume(pid);
    receive();
    sleepms(100);
    begin();
    if (killed)
        kill(pid);
    else
        send(pid, 1);
    CHECK(receive() == (umsg32)pid);
    check_clock(killed ? "a process of 20,000 blocks is killed" : "a process of 20,000 blocks ends");
}

static void bad_pointer(void)
{
    pid32 pid = upcreatelim("badlength", INITPRIO - 5, 0, ALL, ALL, 2, "badlength", HELD_PAGES);
    resume(pid);
    CHECK(receive() == 25600);
    begin();
    CHECK(receive() == (umsg32)pid);
    check_clock("write() of 100 MiB with a bad end");
}

/* A process that is creating a large one ends in the middle of that. */
static void end_maker(uint32 pages)
{
    for (uint32 msec = 1; msec < 60; msec += 7) {
        pid32 pid = upcreate("greedy", INITPRIO - 5, 2, "greedy", "large");
        resume(pid);
        sleepms((int32)msec);
        kill(pid);
        recvclr();
        for (pid = 1; pid < NPROC; pid++)
            if (proctab[pid].prstate != PR_FREE && proctab[pid].prring == 3)
                kill(pid);
        CHECK(freepages() == pages && kcheck() == NULL);
    }
}

process main(void)
{
    pid32 heart = start_heartbeat();
    uint32 pages = freepages();

    sleepms(1);
    uint64 from = getticks();
    sleepms(128);
    ticks_per_msec = (uint32)((getticks() - from) >> 17);
    pid32 watcher = create((void *)watch, 4096, 110, "watch", 0);
    resume(watcher);
    end_user();
    end_large_image();
    end_blocks(0);
    end_blocks(1);
    bad_pointer();
    kill(watcher);
    check_alive(freepages());
    end_maker(freepages());
    recvclr();
    check_alive(pages);
    kill(heart);
    checks_done();
    return OK;
}
