/* ring3.c - bonus: a process of ring 3, which the kernel reaches by the same registration and claim */
#include "message.h"

/* ring3/sleeper.c: sends what it observes, word by word. */
void check_user(void)
{
    uint32 msec = given(0, 20, 60);
    char parent[12], text[12];
    pid32 pid;

    snprintf(parent, sizeof parent, "%d", getpid());
    snprintf(text, sizeof text, "%u", msec);
    pid = upcreate("sleeper", PRIORITY_ABOVE, 3, "sleeper", parent, text);
    begin();
    resume(pid);
    spin_until(msec / 2);
    send(pid, given(1, 1, 1000000));
    report("cbsignal returns %d", (int)receive());
    report("in the callback prmsgreg of the window page is %u", receive());
    report("the callback runs in ring %u", receive());
    report("its message is %u", receive());
    report("sleepms returns %d", (int)receive());
    report("callbacks before it returns: %u", receive());
}
