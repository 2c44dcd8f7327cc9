/* tests/user/nmi.c and a process that takes turns with it; see tests/qemu/nmi.py */
#include "user.h"

void nmi_ready(void); /* there the debugger waits for the first system call */
__attribute__((noinline)) void nmi_ready(void)
{
    asm volatile("");
}

process main(void)
{
    pid32 heart = start_heartbeat();
    pid32 first, second;
    uint32 pages = freepages();

    nmi_ready();
    first = upcreate("nmi", USER_PRIORITY, 1, "nmi");
    second = upcreate("nmi", USER_PRIORITY, 1, "nmi");
    chprio(getpid(), USER_PRIORITY + 1); /* until both can run */
    resume(first);
    resume(second);
    chprio(getpid(), INITPRIO);
    while (proctab[first].prstate != PR_FREE || proctab[second].prstate != PR_FREE)
        sleepms(10);
    recvclr();
    check_alive(pages);
    kill(heart);
    checks_done();
    return OK;
}
