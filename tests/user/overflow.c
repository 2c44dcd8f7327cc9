/* overflow.c - infinite recursion, into the page below the stack */
#include <xinu.h>

static int recurse(int depth)
{
    volatile char frame[200];

    frame[0] = (char)depth;
    return recurse(depth + 1) + frame[0];
}

process main(void)
{
    printf("overflow: recursion without an end\n");
    printf("overflow: goes on with %d\n", recurse(0));
    return OK;
}
