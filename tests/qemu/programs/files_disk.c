/*
 * Goes on where the last run was cut off: a log of numbered records, each sync of which is printed; and a second file
 * that is overwritten, truncated and deleted meanwhile.
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#define RECORD 16
#define LAST 150

static char record[RECORD + 1], content[RECORD];

static int32 next_record(did32 file)
{
    int32 number = 0;
    while (read(file, content, RECORD) == RECORD) {
        sprintf(record, "record %08d\n", number++);
        CHECK(memcmp(record, content, RECORD) == 0);
    }
    CHECK(control(file, LF_CTL_SIZE, 0, 0) == number * RECORD);
    return number;
}

static void disturb(int32 number)
{
    static char noise[2000];
    memset(noise, number, sizeof noise);
    did32 file = open(LFILESYS, "scratch", "rw");
    CHECK(write(file, noise, 100 + number % 1900) != SYSERR);
    if (number % 3 == 0)
        control(file, LF_CTL_TRUNC, 0, 0);
    CHECK(number % 4 == 0 || close(file) == OK); /* without a sync, every fourth time */
    if (number % 4 == 0)
        CHECK(close(file) == OK && control(LFILESYS, LF_CTL_DEL, (int32) "scratch", 0) == OK);
}

process main(void)
{
    did32 file = open(LFILESYS, "log", "rw");
    CHECK(file != SYSERR);
    int32 number = next_record(file);
    kprintf("found %d\n", number);
    while (number < LAST) {
        for (int32 more = 1 + number % 7; more > 0; more--) {
            sprintf(record, "record %08d\n", number++);
            CHECK(write(file, record, RECORD) == RECORD);
        }
        if (control(file, LF_CTL_SYNC, 0, 0) == OK)
            kprintf("synced %d\n", number);
        disturb(number);
    }
    CHECK(close(file) == OK);
    checks_done();
    return OK;
}
