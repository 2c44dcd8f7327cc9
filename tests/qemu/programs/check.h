/*
 * check.h - checks inside a test program
 *
 * CHECK(condition) prints a line for a condition that does not hold; checks_done() prints how many held. The test that
 * boots the program looks for "checks: N passed, 0 failed" and knows N, so that a check that was never reached is
 * noticed.
 */
#ifndef CHECK_H
#define CHECK_H

#include <xinu.h>

static volatile int checks_passed;
static volatile int checks_failed;

static void check(int holds, const char *condition, int line)
{
    if (holds) {
        checks_passed++;
        return;
    }
    checks_failed++;
    kprintf("line %d: does not hold: %s\n", line, condition);
}

#define CHECK(condition) check((condition) ? 1 : 0, #condition, __LINE__)

static void checks_done(void)
{
    kprintf("checks: %d passed, %d failed\n", checks_passed, checks_failed);
}

#endif
