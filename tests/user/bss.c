/* bss.c - uninitialised variables are zero, although other processes used this memory before */
#include <xinu.h>

static volatile unsigned char large[300000];
static volatile int initialised = 4711;

process main(void)
{
    uint32 nonzero = 0;

    for (uint32 i = 0; i < sizeof large; i++)
        nonzero += large[i] != 0;
    printf("bss: %u of %u bytes are not zero; data %d\n", nonzero, (uint32)sizeof large, initialised);
    memset((void *)large, 0xA5, sizeof large); /* for the next process to find */
    initialised = 0;
    return OK;
}
