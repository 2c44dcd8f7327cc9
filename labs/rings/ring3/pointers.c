/* pointers.c - in ring 3: passes addresses to system calls, and tells the checking process that it goes on */
#include "tell.h"

static char line[] = "    \n";

/* The address behind a page of its own in which there are spaces, and behind which nothing is mapped. */
static char *end_of_heap(uint32 pages)
{
    char *begin = (char *)(((uint32)sbrk(0) + 4095) / 4096 * 4096);

    sbrk(begin + pages * 4096 - (char *)sbrk(0));
    memset(begin, ' ', pages * 4096);
    return begin + pages * 4096;
}

static void start(const char *name, uint32 argc, char *const *argv)
{
    const struct spawnrequest request = {name, 1, 0, argc, argv};

    tell(spawn(&request) != SYSERR);
}

/* The name of this program, so that it ends with the last byte of a page, or is not ended there. */
static void start_name_at_end(uint32 missing)
{
    static const char name[] = "pointers";
    char *at = end_of_heap(1) - sizeof name + missing;

    memcpy(at, name, sizeof name - missing);
    start(at, 0, NULL);
}

static void start_long_name(uint32 length)
{
    char *at = end_of_heap(1) - length - 1;

    memset(at, 'x', length);
    at[length] = '\0';
    start(at, 0, NULL);
}

process main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[2] : "nothing";
    uint32 number = argc > 3 ? atoi(argv[3]) : 0, count = argc > 4 ? atoi(argv[4]) : 4;
    char *bad_argv[] = {"pointers", (char *)number};

    if (argc < 3)
        return OK;
    parent = atoi(argv[1]);
    if (is(what, "print"))
        write(CONSOLE, (char *)number, count);
    if (is(what, "print-own"))
        write(CONSOLE, line, sizeof line - 1);
    if (is(what, "type"))
        read(CONSOLE, (char *)number, count);
    if (is(what, "type-code"))
        read(CONSOLE, (char *)&text, count);
    if (is(what, "print-wrap"))
        write(CONSOLE, line, 0 - number);
    if (is(what, "print-end"))
        write(CONSOLE, end_of_heap(2) - number, count);
    if (is(what, "start"))
        start("pointers", 0, NULL);
    if (is(what, "start-at"))
        start((char *)number, 0, NULL);
    if (is(what, "start-argv"))
        start("pointers", 2, (char *const *)number);
    if (is(what, "start-string"))
        start("pointers", 2, bad_argv);
    if (is(what, "request"))
        tell(spawn((const struct spawnrequest *)number) != SYSERR);
    if (is(what, "name-at-end"))
        start_name_at_end(number);
    if (is(what, "long-name"))
        start_long_name(number);
    tell(GOES_ON);
    return OK;
}
