/* Ring-3 programs next to others, which must not be taken for them */
#include "user.h"

#include <stdio.h>

/* Two processes that sleep and wake together: each switch is from one to the other. */
static void take_turns(const char *program)
{
    pid32 one = upcreatecap(program, USER_PRIORITY, CAP_PORTS, 3, program, "turns", "0");
    pid32 two = upcreatecap(program, USER_PRIORITY, CAP_PORTS, 3, program, "turns", "1");

    kprintf("case turns %s - %d\n", program, one);
    resume(one);
    resume(two);
    while (!isbadpid(one) || !isbadpid(two))
        sleepms(1);
    recvclr();
    kprintf("end of case\n");
}

/* The parent ends, and another process gets its id: that one is not the parent. The first of the family lives
 * on, or the parent's entry would be kept for its account. */
static void inherit(void)
{
    uint32 pages = freepages();
    char text[12];
    pid32 head, parent, child, heir;
    int i;

    sprintf(text, "%d", getpid());
    head = upcreate("orphan", USER_PRIORITY, 3, "orphan", "head", text);
    kprintf("case orphan - %d\n", head);
    resume(head);
    child = (pid32)receive();
    parent = proctab[child].prparent;
    sleepms(10); /* for the parent to end */
    CHECK(isbadpid(parent) && parent != head && proctab[head].prstate == PR_RECV);
    sprintf(text, "%d", child);
    freepages();
    for (i = 0; i <= NPROC; i++) {
        heir = upcreate("orphan", USER_PRIORITY, 3, "orphan", "take", text);
        if (heir == parent)
            break;
        kill(heir);
        recvclr();
        freepages(); /* reaps ended processes, and frees their entries */
    }
    CHECK(heir == parent);
    resume(heir);
    CHECK(receive() == (umsg32)heir && !isbadpid(child));
    CHECK(kill(child) == OK && kill(head) == OK);
    recvclr();
    kprintf("end of case\n");
    check_alive(pages);
}

process main(void)
{
    pid32 heart = start_heartbeat();
    char sysenter = getc(CONSOLE); /* whether the CPU has it */

    take_turns("segments");
    take_turns("ports");
    inherit();
    if (sysenter == 'y')
        run_user("segments", "calls", 0);
    kill(heart);
    checks_done();
    return OK;
}
