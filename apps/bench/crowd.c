/* crowd.c - creating and ending many processes */
#include "bench.h"

static pid32 crowd[NPROC];
static uint32 crowd_size;

int crowd_assemble(uint32 n, process (*body)(void), pri16 priority)
{
    while (crowd_size < n) {
        pid32 pid = create(body, STACK, priority, "crowd", 0);
        if (pid == SYSERR) {
            crowd_disperse();
            return FALSE;
        }
        crowd[crowd_size++] = pid;
        resume(pid);
    }
    return TRUE;
}

void crowd_disperse(void)
{
    while (crowd_size > 0)
        kill(crowd[--crowd_size]);
    recvclr(); /* discards the message of their end */
}
