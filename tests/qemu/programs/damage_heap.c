/* A program that writes past its block, over the table of the next page of small blocks. */
#include "damage.h"

#define BLOCKS 600
#define FREED 100

static char *blocks[BLOCKS];

/* The subject's: two pages for itself, and after them the first of small blocks; most of those are free again, so that
 * there are links to damage. */
static process overruns(uint32 byte)
{
    char *large = getmem(8192), *small = getmem(16);
    uint32 page = (uint32)small & ~4095u;
    int i, j;

    if ((uint32)large + 8192 != page) /* the allocator's choice; without it we write there directly */
        large = (char *)page - 8192;
    for (i = 0; i < FREED; i++)
        blocks[i] = getmem(16);
    for (i = 0; i < FREED; i++)
        freemem(blocks[i], 16);
    for (i = 0; i < 600; i++)
        large[8192 + i % 454] = (char)byte; /* all of the block table */
    for (i = 0; i < BLOCKS; i++) {
        blocks[i] = getmem(16);
        for (j = 0; j < 16; j++)
            blocks[i][j] = (char)i;
    }
    for (i = 0; i < BLOCKS; i++)
        steps += blocks[i] != small && blocks[i][0] == (char)i && blocks[i][15] == (char)i;
    return OK;
}

process main(void)
{
    static const uint32 bytes[] = {0, 0x01, 0x10, 0x55, 0x80, 0x81, 0xff};
    begin_damage();
    for (int i = 0; i < (int)(sizeof bytes / sizeof bytes[0]); i++) {
        uint32 pages = freepages();
        pid32 pid = create(overruns, 8192, SUBJECT, "subject", 1, bytes[i]);
        steps = 0;
        resume(pid);
        CHECK(receive() == (umsg32)pid && steps == BLOCKS);
        CHECK(freepages() == pages);
        CHECK_ALIVE();
    }
    checks_done();
    kill(3); /* the heart */
    return OK;
}
