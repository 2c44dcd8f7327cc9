/* turns.c - two processes take turns, and a third is interrupted: what `make profile OF=...` looks at */
#include <xinu.h>

#define TURNS 200

static process takes_turns(void)
{
    int i;

    for (i = 0; i < TURNS; i++)
        yield();
    return OK;
}

process main(void)
{
    uint32 end;

    resume(create(takes_turns, 4096, INITPRIO, "turns", 0));
    takes_turns();
    for (end = clkcountermsec + 30; clkcountermsec < end;)
        ;
    return OK;
}
