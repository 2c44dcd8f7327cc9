/* How much memory there is: the largest block, in MiB, each page of which is written and read back. */
#include <xinu.h>

process main(void)
{
    uint32 megabytes = 2048;
    char *block = (char *)SYSERR;
    while (megabytes > 0 && (block = getmem(megabytes << 20)) == (char *)SYSERR)
        megabytes--;
    uint32 good = 0;
    for (uint32 page = 0; page < megabytes << 8; page++)
        *(uint32 *)(block + page * 4096) = page ^ 0xa5a5a5a5;
    for (uint32 page = 0; page < megabytes << 8; page++)
        good += *(uint32 *)(block + page * 4096) == (page ^ 0xa5a5a5a5);
    kprintf("MiB: %u\ngood: %d\n", megabytes, good == megabytes << 8);
    return OK;
}
