/* pages.c - see pages.h */
#include "pages.h"
#include <xinu/userspace.h>

static uint32 free_before;
static volatile bool8 went_on;
static pid32 prepared;

char *take(uint32 pages)
{
    return getmem(pages * PAGE);
}

syscall give_back(char *block, uint32 pages)
{
    return freemem(block, pages * PAGE);
}

void mark(char *block, uint32 pages, uint32 word)
{
    uint32 i;

    for (i = 0; i < pages; i++)
        *(uint32 *)(block + i * PAGE) = word + i;
}

uint32 count_changed(const char *block, uint32 pages, uint32 word)
{
    uint32 i, changed = 0;

    for (i = 0; i < pages; i++)
        changed += *(const uint32 *)(block + i * PAGE) != word + i;
    return changed;
}

void remember_free(void)
{
    free_before = freepages();
}

int pages_missing(void)
{
    return (int)(free_before - freepages());
}

uint32 draw(uint32 i, uint32 most)
{
    uint32 *number = &lab_given.number[i];

    *number = *number * 1664525 + 1013904223; /* Numerical Recipes, 7.1 */
    return (*number >> 8) % most;
}

pid32 run(void *function, uint32 argument)
{
    pid32 pid = create(function, 2 * PAGE, PRIORITY_ABOVE, "tried", 1, argument);

    resume(pid);
    return pid;
}

static process read_byte(uint32 address)
{
    (void)*(volatile char *)address;
    went_on = TRUE;
    return OK;
}

static process write_byte(uint32 address)
{
    volatile char *byte = (volatile char *)address;

    *byte = *byte;
    went_on = TRUE;
    return OK;
}

static void prepare(void *function, uint32 address)
{
    prepared = create(function, 2 * PAGE, PRIORITY_ABOVE, "tried", 1, address);
}

void prepare_reading(uint32 address)
{
    prepare(read_byte, address);
}

const char *prepared_reading(void)
{
    went_on = FALSE;
    resume(prepared);
    return went_on ? "goes on" : "is ended";
}

const char *reading(uint32 address)
{
    prepare(read_byte, address);
    return prepared_reading();
}

const char *writing(uint32 address)
{
    prepare(write_byte, address);
    return prepared_reading();
}

const char *is_for_stacks(const char *address)
{
    return (uint32)address >= USER_END ? "yes" : "no";
}
