/* longname.c - calls spawn() with a name that no program has, so often that a leak would exhaust memory */
#include <xinu.h>

#define CALLS 70000

process main(void)
{
    static char name[100];
    struct spawnrequest request = {name, 1, 0, 0, NULL};
    uint32 refused = 0, i;

    memset(name, 'x', sizeof name - 1);
    for (i = 0; i < CALLS; i++)
        refused += spawn(&request) == SYSERR;
    printf("longname: %u refused; there is memory: %d\n", refused, sbrk(65536) != (char *)SYSERR);
    return OK;
}
