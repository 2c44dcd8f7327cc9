/* user.h - runs ring-3 programs next to a process that must not notice, and checks that they leave nothing
 * behind */
#ifndef USER_H
#define USER_H

#include "check.h"

#define USER_PRIORITY 30     /* above the main process, so that it runs until it waits */
#define USER_LIMIT_MSEC 5000 /* for one program */

static volatile uint32 beats;

static process heartbeat(void)
{
    while (sleepms(1) == OK)
        beats++;
    return OK;
}

static void check_alive(uint32 pages)
{
    uint32 before = beats, msec = clkcountermsec;

    sleepms(5);
    CHECK(beats - before >= 4 && clkcountermsec - msec == 5);
    CHECK(freepages() == pages);
    const char *wrong = kcheck();
    CHECK(wrong == NULL);
    if (wrong != NULL)
        kprintf("kcheck: %s\n", wrong);
}

/* Runs a program to its end. What it prints stands between `case NAME ARGUMENT PID` and `end of case`. */
static inline void run_user(const char *program, const char *argument, uint32 capabilities)
{
    uint32 pages = freepages();
    pid32 pid = upcreatecap(program, USER_PRIORITY, capabilities, argument != NULL ? 2 : 1, program, argument);

    kprintf("case %s %s %d\n", program, argument != NULL ? argument : "-", pid);
    CHECK(resume(pid) == USER_PRIORITY);
    umsg32 ended = recvtime(USER_LIMIT_MSEC);
    kprintf("end of case\n");
    CHECK(ended == (umsg32)pid && proctab[pid].prstate == PR_FREE);
    check_alive(pages);
}

static pid32 start_heartbeat(void)
{
    pid32 pid = create(heartbeat, 4096, 100, "heartbeat", 0);

    resume(pid);
    return pid;
}

#endif
