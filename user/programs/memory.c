/* memory.c - getmem() and freemem(): random blocks, each filled, checked and freed */
#include <stdlib.h>
#include <xinu.h>

#define BLOCKS 40
#define ROUNDS 20000

static struct {
    byte *bytes;
    uint32 count;
} blocks[BLOCKS];

/* Returns the number of errors. */
static uint32 replace(uint32 i)
{
    uint32 wrong = 0;

    if (blocks[i].bytes != NULL) {
        for (uint32 k = 0; k < blocks[i].count; k++)
            wrong += blocks[i].bytes[k] != (byte)i;
        wrong += freemem((char *)blocks[i].bytes, blocks[i].count) != OK;
        wrong += freemem((char *)blocks[i].bytes, blocks[i].count) != SYSERR;
    }
    blocks[i].count = 1 + rand() % (rand() % 16 == 0 ? 20000 : 100);
    blocks[i].bytes = (byte *)getmem(blocks[i].count);
    wrong += blocks[i].bytes == (byte *)SYSERR || (uint32)blocks[i].bytes % 8 != 0;
    memset(blocks[i].bytes, (int)i, blocks[i].count);
    return wrong;
}

process main(void)
{
    uint32 wrong = 0;
    char *begin = sbrk(0), *first = getmem(8), *second = getmem(16);

    printf("memory: refused %d %d %d %d\n", (int)getmem(0), (int)getmem(0xFFFFFFFF), freemem(first + 1, 8),
           freemem((char *)&begin, 8));
    printf("memory: outside %d %d %d\n", freemem(begin - 8, 8), freemem(sbrk(0), 8), freemem(first, 0x7FFFFFF8));
    freemem(first, 8);
    freemem(second, 16);
    for (uint32 i = 0; i < ROUNDS; i++)
        wrong += replace(rand() % BLOCKS);
    for (uint32 i = 0; i < BLOCKS; i++)
        if (blocks[i].bytes != NULL)
            wrong += freemem((char *)blocks[i].bytes, blocks[i].count) != OK;
    uint32 all = sbrk(0) - begin;
    printf("memory: %u are wrong; %s\n", wrong, all < 1000000 ? "little is taken" : "too much is taken");
    return OK;
}
