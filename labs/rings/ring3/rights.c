/* rights.c - in ring 3: what it may do with ports, and with other processes */
#include "tell.h"

#define SCRATCH 0x3ff /* of the serial line: a byte that nobody uses */

static void out(uint16 port, byte value)
{
    asm volatile("outb %0, %1" : : "a"(value), "d"(port));
}

static byte in(uint16 port)
{
    byte value;

    asm volatile("inb %1, %0" : "=a"(value) : "d"(port));
    return value;
}

static void start_and_kill(char *name)
{
    char *const argv[] = {name};
    const struct spawnrequest request = {name, 1, 0, 1, argv};
    pid32 child = spawn(&request);

    tell(kill(child));
}

process main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[2] : "nothing";
    uint32 number = argc > 3 ? atoi(argv[3]) : 0, count = argc > 4 ? atoi(argv[4]) : 1;

    if (argc < 3)
        return OK;
    parent = atoi(argv[1]);
    if (is(what, "kill"))
        tell(kill(number));
    if (is(what, "kill-child"))
        start_and_kill(argv[0]);
    if (is(what, "priority"))
        tell(chprio(getpid(), number));
    if (is(what, "priority-of"))
        tell(chprio(number, count));
    if (is(what, "ask"))
        tell(ioperm(number, count, 1));
    if (is(what, "use")) {
        tell(ioperm(SCRATCH, 1, 1));
        out(SCRATCH, number);
        tell(in(SCRATCH));
    }
    if (is(what, "other")) {
        ioperm(SCRATCH, 1, 1);
        in(number);
    }
    if (is(what, "wide")) {
        ioperm(SCRATCH, 1, 1);
        asm volatile("inw %%dx, %%ax" : : "d"(SCRATCH) : "eax");
    }
    if (is(what, "closed")) {
        ioperm(SCRATCH, 1, 1);
        ioperm(SCRATCH, 1, 0);
        in(SCRATCH);
    }
    if (is(what, "hold")) {
        ioperm(SCRATCH, 1, 1);
        tell(in(SCRATCH) == in(SCRATCH));
        receive();
        in(SCRATCH);
    }
    if (is(what, "touch"))
        in(SCRATCH);
    tell(GOES_ON);
    return OK;
}
