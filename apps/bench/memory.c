/* memory.c - the cost of a block of memory, taken and given back */
#include "bench.h"

#define SMALL 64
#define PAGE 4096
#define FRAGMENTS 10000

static const uint32 numbers[] = {100, 1000, FRAGMENTS};
static char *blocks[2 * FRAGMENTS];

static void small_block(void)
{
    freemem(getmem(SMALL), SMALL);
}

static void page(void)
{
    freemem(getmem(PAGE), PAGE);
}

/* n holes of SMALL bytes between blocks that stay. Returns FALSE, with nothing taken, if memory does not suffice. */
static int fragment(uint32 n)
{
    uint32 i;

    for (i = 0; i < 2 * n; i++)
        if ((blocks[i] = getmem(SMALL)) == (char *)SYSERR) {
            while (i > 0)
                freemem(blocks[--i], SMALL);
            return FALSE;
        }
    for (i = 0; i < 2 * n; i += 2)
        freemem(blocks[i], SMALL);
    return TRUE;
}

static void defragment(uint32 n)
{
    uint32 i;

    for (i = 1; i < 2 * n; i += 2)
        freemem(blocks[i], SMALL);
}

void measure_memory(void)
{
    char *neighbour;
    int i;

    kprintf("memory: getmem and freemem of 64 bytes, the only block of its size: %u\n", cost_of(small_block, NULL));
    neighbour = getmem(SMALL);
    kprintf("memory: getmem and freemem of 64 bytes, next to another: %u\n", cost_of(small_block, NULL));
    freemem(neighbour, SMALL);
    for (i = 0; i < 3; i++) {
        if (!fragment(numbers[i]))
            break;
        kprintf("memory: getmem and freemem of 64 bytes, %u fragments: %u\n", numbers[i], cost_of(small_block, NULL));
        defragment(numbers[i]);
    }
    kprintf("memory: getmem and freemem of 4096 bytes: %u\n", cost_of(page, NULL));
}
