/* caps.c - tries each call that needs a capability */
#include <xinu.h>

process main(void)
{
    pri16 priority = getprio(getpid());
    char *argv[] = {"hello"};
    const struct spawnrequest above = {"hello", priority + 1, 0, 1, argv};

    printf("caps: priority %d\n", priority);
    printf("caps: kill %d\n", kill(proctab[getpid()].prparent));
    printf("caps: chprio up %d\n", chprio(getpid(), priority + 1));
    printf("caps: spawn above %s\n", spawn(&above) == SYSERR ? "SYSERR" : "done");
    printf("caps: chprio down %d\n", chprio(getpid(), priority - 1));
    printf("caps: and up again %d\n", chprio(getpid(), priority));
    printf("caps: ioperm %d\n", ioperm(0x3FF, 1, 1));
    printf("caps: halt %d\n", halt());
    return OK;
}
