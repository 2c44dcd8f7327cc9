/* panic() called by a program. */
#include <xinu.h>

static void give_up(void)
{
    panic("given up");
}

process main(void)
{
    give_up();
    return OK;
}
