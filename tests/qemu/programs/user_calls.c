/* Ring-3 programs that use the system calls, and end by themselves */
#include "user.h"

static const struct {
    const char *program, *argument;
    uint32 capabilities;
} cases[] = {
    {"hello", NULL, 0},
    {"argecho", "an argument", 0},
    {"bss", NULL, 0},
    {"bss", "again", 0},
    {"alarm", NULL, 0},
    {"message", NULL, 0},
    {"vacation", NULL, 0},
    {"record", NULL, 0},
    {"latewrite", NULL, 0},
    {"direction", NULL, 0},
    {"longname", NULL, 0},
    {"badcallback", NULL, 0},
    {"brk", NULL, 0},
    {"memory", NULL, 0},
    {"ps", NULL, 0},
    {"spawner", NULL, CAP_PRIORITY},
    {"caps", NULL, 0},
    {"flags", "df", 0},
    {"flags", "iopl", 0},
    {"flags", "nt", 0},
    {"flags", "ac", 0},
    {"ports", "without", 0},
    {"ports", "other", CAP_PORTS},
    {"ports", "closed", CAP_PORTS},
    {"ports", "wide", CAP_PORTS},
};

/* An endless loop: it gets the time that others leave, and can be ended. */
static void run_spin(void)
{
    uint32 pages = freepages();
    pid32 pid = upcreate("spin", INITPRIO, 1, "spin");

    kprintf("case spin - %d\n", pid);
    resume(pid);
    for (uint32 begin = clkcountermsec; clkcountermsec - begin < 20;)
        ; /* of the same priority: the two take turns */
    check_alive(freepages());
    CHECK(proctab[pid].prstate == PR_READY && proctab[pid].prring == 3);
    CHECK(kill(pid) == OK && receive() == (umsg32)pid);
    kprintf("end of case\n");
    check_alive(pages);
}

/* What is no program, or cannot be one process more. */
static void refuse(void)
{
    uint32 pages = freepages();

    CHECK(upcreate("no such program", 20, 1, "a") == SYSERR);
    CHECK(upcreate("", 20, 1, "a") == SYSERR);
    CHECK(upcreate(NULL, 20, 1, "a") == SYSERR);
    CHECK(upcreate("hello", 0, 1, "a") == SYSERR);
    CHECK(upcreate("hello", -1, 1, "a") == SYSERR);
    CHECK(upcreatecap("hello", 20, 1U << 31, 1, "a") == SYSERR);
    CHECK(freepages() == pages);
}

process main(void)
{
    pid32 heart = start_heartbeat();

    for (uint32 i = 0; i < sizeof cases / sizeof cases[0]; i++)
        run_user(cases[i].program, cases[i].argument, cases[i].capabilities);
    run_spin();
    refuse();
    kill(heart);
    checks_done();
    return OK;
}
