/* Typed characters: the interrupt wakes the process that waits for them, and all arrive, in order, up to the
 * end of input. */
#include "check.h"

#include <stdio.h>

static volatile int at_end;
static volatile uint32 work;

static process reader(void)
{
    uint32 sum = 0, count = 0;
    int c = kgetc();
    kprintf("first %d\n", c);
    c = getchar();
    kprintf("second %d\n", c);
    while ((c = getchar()) != EOF) {
        sum = sum * 31 + c;
        count++;
    }
    kprintf("end %d after %u, sum %u\n", c, count, sum);
    at_end = 1;
    return OK;
}

process main(void)
{
    pid32 pid = create(reader, 4096, 30, "reader", 0);
    uint32 waits = 0;
    control(CONSOLE, TC_NOECHO, 0, 0); /* from here on the text is exact */
    kprintf("type now\n");
    resume(pid);
    while (!at_end) { /* a lower process goes on working while the reader waits */
        work++;
        waits += proctab[pid].prstate == PR_WAIT;
    }
    CHECK(waits + 1 >= work); /* all may have been typed already; the end may have come in the middle of a round */
    CHECK(receive() == (umsg32)pid);
    pid = create(kgetc, 4096, 30, "waits", 0); /* ended while it waits for a key that never comes */
    resume(pid);
    CHECK(proctab[pid].prstate == PR_WAIT && kill(pid) == OK && receive() == (umsg32)pid);
    checks_done();
    return OK;
}
