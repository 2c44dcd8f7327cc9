/* While the disk works, others run; and a process may be ended at any time, also while it waits for the disk. */
#include "check.h"

#include <stdio.h>
#include <string.h>

static volatile uint32 rounds;
static volatile int32 writes;

static void idler(void)
{
    for (;;)
        rounds++;
}

static void writer(void)
{
    char block[600];
    memset(block, 'w', sizeof block);
    did32 file = open(LFILESYS, "written", "w");
    for (;;) {
        write(file, block, sizeof block);
        if (++writes % 16 == 0)
            control(file, LF_CTL_TRUNC, 0, 0);
        if (writes % 4 == 0)
            control(file, LF_CTL_SYNC, 0, 0);
    }
}

static void reader(void)
{
    char block[700];
    for (;;) {
        did32 file = open(LFILESYS, "read", "ro");
        CHECK(read(file, block, sizeof block) == sizeof block && block[699] == 'r' && close(file) == OK);
    }
}

/* The descriptor of a process that was ended stays open. */
static void close_all(void)
{
    for (did32 file = LFILE0; file < LFILE0 + Nlfl; file++)
        close(file);
}

process main(void)
{
    char block[700];
    memset(block, 'r', sizeof block);
    pid32 idle = create(idler, 4096, 1, "idler", 0);
    resume(idle);
    did32 file = open(LFILESYS, "read", "rw");
    rounds = 0;
    CHECK(write(file, block, sizeof block) == sizeof block && close(file) == OK);
    kprintf("others ran: %s\n", rounds > 0 ? "yes" : "no");
    kill(idle);

    for (int i = 0; i < 40; i++) {
        pid32 first = create(writer, 4096, 15, "writer", 0);
        pid32 second = create(reader, 4096, 15, "reader", 0);
        resume(first);
        resume(second);
        sleepms(1 + i % 7);
        kill(first);
        kill(second);
        CHECK(kcheck() == NULL);
        close_all();
        CHECK(control(LFILESYS, LF_CTL_SIZE, (int32) "read", 0) == 700);
    }
    kprintf("wrote: %s\n", writes > 100 ? "yes" : "no");
    CHECK(control(LFILESYS, LF_CTL_DEL, (int32) "written", 0) == OK);
    checks_done();
    return OK;
}
