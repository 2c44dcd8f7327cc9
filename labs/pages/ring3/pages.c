/* pages.c - in ring 3: uses its memory as argv[2] says, and tells the process argv[1] what it finds */
#include <stdlib.h>
#include <xinu.h>

#define WORDS 3000
#define GOES_ON 1000000 /* as in ../checks/pages.h */

static pid32 parent;
static uint32 table[WORDS]; /* several pages, zero at first */
static volatile uint32 one = 1;

static int is(const char *what, const char *name)
{
    return strcmp(what, name) == 0;
}

static void tell(uint32 word)
{
    while (send(parent, word) == SYSERR)
        sleepms(1);
}

static uint32 sum_of_table(void)
{
    uint32 i, sum = one - 1;

    for (i = 0; i < WORDS; i++)
        sum += table[i];
    for (i = 0; i < WORDS; i++)
        table[i] = i;
    for (i = 0; i < WORDS; i++)
        sum += table[i];
    return sum;
}

static void keep(uint32 number)
{
    table[WORDS / 2] = number;
    tell((uint32)&table[WORDS / 2]);
    receive();
    tell(table[WORDS / 2]);
}

/* Gives 8 pages back, and uses one of them; page 8 is one that it has kept. */
static void shrink(uint32 page)
{
    char *block = sbrk(4096) + 4096;

    memset(sbrk(8 * 4096), 1, 8 * 4096);
    sbrk(-8 * 4096);
    if (page == 8)
        block[-1] = 1;
    else
        block[page * 4096] = 1;
}

process main(int argc, char **argv)
{
    const char *what = argv[2];
    uint32 number = atoi(argv[argc - 1]);
    volatile char *byte = (volatile char *)number;

    parent = atoi(argv[1]);
    if (is(what, "sum"))
        tell(sum_of_table() + number);
    if (is(what, "keep"))
        keep(number);
    if (is(what, "shrink"))
        shrink(number);
    if (is(what, "read"))
        (void)*byte;
    if (is(what, "write"))
        *byte = *byte;
    if (is(what, "print")) /* the kernel reads there */
        write(CONSOLE, (char *)number, 4);
    if (is(what, "type")) /* the kernel is to write there */
        read(CONSOLE, (char *)number, 4);
    tell(GOES_ON);
    return OK;
}
