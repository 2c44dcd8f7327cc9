/* stack.c - task 1: what a new process finds */
#include "switch.h"

static void no_argument(void)
{
    report("without arguments");
}

static void one_argument(uint32 a)
{
    report("one argument: %08x", a);
}

static void two_arguments(uint32 a, uint32 b)
{
    report("two arguments: %08x %08x", a, b);
}

static void three_arguments(uint32 a, uint32 b, uint32 c)
{
    report("three arguments: %08x %08x %08x", a, b, c);
}

/* They have a higher priority, so each runs inside the call of resume(). */
void check_arguments(void)
{
    const uint32 *n = lab_given.number;

    resume(create(no_argument, STACK, PRIORITY_ABOVE, "none", 0));
    resume(create(one_argument, STACK, PRIORITY_ABOVE, "one", 1, n[0]));
    resume(create(two_arguments, STACK, PRIORITY_ABOVE, "two", 2, n[1], n[2]));
    resume(create(three_arguments, STACK, PRIORITY_ABOVE, "three", 3, n[3], n[4], n[5]));
}

static uint32 return_address;

static void returns(void)
{
    return_address = ((uint32 *)__builtin_frame_address(0))[FRAME_RETURN];
}

/* Its end is a message to its parent. */
void check_initret(void)
{
    uint32 times = given(0, 2, 5), i;

    for (i = 1; i <= times; i++) {
        pid32 pid = create(returns, STACK, PRIORITY_ABOVE, "returns", 0);

        resume(pid);
        report("its function returns to %s", return_address == (uint32)INITRET ? "INITRET" : "another place");
        report("process %u: %s, and its parent %s", i, isbadpid(pid) ? "has ended" : "is there",
               recvclr() == (umsg32)pid ? "has its message" : "has no message of it");
    }
}
