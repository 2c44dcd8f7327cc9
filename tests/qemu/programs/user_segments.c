/* A descriptor for ring 3 lies in memory where an LDT at address 0 would have it. No segment register of ring
 * 3 can hold its selector, so the next stack overflow, for which the CPU reloads all of them, ends its
 * process only. */
#include "user.h"

#define ENTRY 0x2000 /* entry 1024; the kernel does not give out memory below 1 MiB */

static int climb(int depth)
{
    volatile char room[64];

    room[0] = depth;
    return climb(depth + 1) + room[0];
}

static process climber(void)
{
    return climb(0);
}

process main(void)
{
    pid32 heart = start_heartbeat();

    *(volatile uint64 *)ENTRY = 0x00CFF2000000FFFF; /* flat, writable, for ring 3 */
    run_user("ldt", NULL, 0);
    pid32 pid = create(climber, 4096, USER_PRIORITY, "climber", 0);
    CHECK(resume(pid) == USER_PRIORITY);
    CHECK(recvtime(USER_LIMIT_MSEC) == (umsg32)pid);
    kill(heart);
    checks_done();
    return OK;
}
