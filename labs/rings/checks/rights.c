/* rights.c - task 10: what a program may do to others */
#include "rings.h"

static process wait_for_ever(void)
{
    suspend(currpid);
    return OK;
}

static pid32 victim;

static int result_with(uint32 capabilities, const char *what, uint32 first, uint32 second)
{
    umsg32 result;

    recvclr();
    resume(prepare_with(capabilities, "rights", what, first, second));
    do
        result = hear();
    while (result == (umsg32)victim); /* its end is a message, too */
    await_end_of_program();
    return (int)result;
}

void check_rights(void)
{
    uint32 above = PRIORITY_ABOVE + given(0, 1, 9), below = PRIORITY_ABOVE - given(1, 1, 5);

    victim = create(wait_for_ever, STACK, INITPRIO, "victim", 0);

    report("without the right to: kill() of another %d", result_with(CAP_ALL & ~CAP_KILL, "kill", victim, 0));
    report("it is there: %s", yes(!isbadpid(victim)));
    report("with it: kill() of another %d", result_with(CAP_KILL, "kill", victim, 0));
    report("it is there: %s", yes(!isbadpid(victim)));
    report("kill() of a child %d", result_with(0, "kill-child", 0, 0));
    report("without the right to: a higher priority %d", result_with(CAP_ALL & ~CAP_PRIORITY, "priority", above, 0));
    report("with it: a higher priority %d", result_with(CAP_PRIORITY, "priority", above, 0));
    report("a lower priority %d", result_with(0, "priority", below, 0));
    report("another's lower priority %d", result_with(0, "priority-of", getpid(), INITPRIO - 1));
}
