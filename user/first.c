/* first.c - the ring-0 program of `make run RING=3`: starts the ring-3 program USER_PROGRAM and exits */
#include <xinu.h>

process main(void)
{
    pid32 pid = upcreate(USER_PROGRAM, INITPRIO, 1, USER_PROGRAM);

    if (resume(pid) == SYSERR)
        printf("cannot start %s in ring 3: no memory, or a bad file\n", USER_PROGRAM);
    return OK;
}
