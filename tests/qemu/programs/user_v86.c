/* VM in the EFLAGS of an iret, in either ring, and processes next to it that have other flags: each keeps its
 * own. */
#include "user.h"

#define SYSTEM_FLAGS 0x3F7500 /* TF DF IOPL NT RF VM AC VIF VIP ID */
#define IF 0x200
#define ALL_FLAGS 0x247000 /* IOPL NT AC ID */

static volatile int running = TRUE;
static volatile uint32 changed[2];

static uint32 flags_now(void)
{
    uint32 flags;

    asm volatile("pushfl; popl %0" : "=r"(flags));
    return flags;
}

/* Has these flags from one tick to the next, until the others have ended. */
static process keeper(uint32 which, uint32 flags)
{
    asm volatile("pushl %0; popfl" : : "r"(flags | IF) : "cc");
    while (running)
        changed[which] |= (flags_now() ^ flags) & SYSTEM_FLAGS;
    asm volatile("pushl $0x202; popfl" : : : "cc");
    return OK;
}

/* A frame for iret that something has set VM in. With a tick due, an interrupt comes before the first
 * instruction. */
static process damaged(int tick)
{
    asm volatile("cli");
    if (tick)
        for (volatile uint32 i = 0; i < 300000; i++)
            ;
    asm volatile("pushl $0; pushl $0; pushl $0; pushl $0\n\t"
                 "pushl $0x1000; pushl $0x1000\n\t"
                 "pushl $0x20202\n\t"
                 "pushl $0x1000; pushl $0x8\n\t"
                 "iret");
    return OK;
}

static void run_damaged(const char *name, int tick)
{
    pid32 pid = create(damaged, 4096, USER_PRIORITY, "damaged", 1, tick);

    kprintf("case damaged %s %d\n", name, pid);
    CHECK(resume(pid) == USER_PRIORITY);
    CHECK(recvtime(USER_LIMIT_MSEC) == (umsg32)pid);
    kprintf("end of case\n");
    CHECK((flags_now() & SYSTEM_FLAGS) == 0);
    check_alive(freepages());
}

static void start_keepers(void)
{
    resume(create(keeper, 4096, INITPRIO - 1, "none", 2, 0, 0));
    resume(create(keeper, 4096, INITPRIO - 1, "all", 2, 1, ALL_FLAGS));
}

process main(void)
{
    static const char *const entries[] = {"plain", "virtual", "masked"};
    pid32 heart = start_heartbeat();

    run_damaged("plain", FALSE);
    run_damaged("tick", TRUE);
    start_keepers();
    for (uint32 i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        run_user("v86", entries[i], 0);
        CHECK((flags_now() & SYSTEM_FLAGS) == 0);
    }
    run_user("keepflags", "none", 0);
    pid32 other = upcreate("keepflags", INITPRIO - 1, 2, "keepflags", "all");
    resume(other);
    sleepms(10);
    run_damaged("plain-later", FALSE); /* the other waits on its kernel stack */
    run_damaged("tick-later", TRUE);
    CHECK(recvtime(USER_LIMIT_MSEC) == (umsg32)other);
    running = FALSE;
    sleepms(50);
    CHECK(changed[0] == 0);
    CHECK(changed[1] == 0);
    kill(heart);
    checks_done();
    return OK;
}
