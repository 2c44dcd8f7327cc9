/* stack_overflow.c - in how many ways can stairs be climbed, with one or two steps at a time? */
#include <xinu.h>

static uint32 ways(int32 steps)
{
    if (steps == 0)
        return 1;
    return ways(steps - 1) + ways(steps - 2);
}

static process climber(int32 steps)
{
    printf("%d steps: %u ways\n", steps, ways(steps));
    return OK;
}

process main(void)
{
    resume(create(climber, 8192, INITPRIO + 1, "climber", 1, 5));
    printf("main is done\n");
    return OK;
}
