/*
 * Random system calls from ring 3, by as many fuzzers as it takes (tests/user/fuzz.c): the kernel stays intact, and
 * nothing of it is changed or leaked. Typed at the console: the number of calls and the first seed, each with its
 * newline.
 */
#include "user.h"

#include <stdio.h>
#include <stdlib.h>

#define CALLS_OF_ONE "5000"
#define BELOW_MAIN 10      /* so that each report is received at once */
#define PATIENCE_MSEC 2000 /* with a fuzzer that reports nothing */
#define FUZZ_REPORT 0x80000000U

static uint32 stuck;

/* Of code and constants. */
static uint32 checksum(void)
{
    uint32 sum = 0;

    for (const uint32 *word = (uint32 *)&text; word < (uint32 *)&data; word++)
        sum = (sum << 1 | sum >> 31) ^ *word;
    return sum;
}

/* Runs a fuzzer to its end, and returns how many calls it reported. */
static uint32 fuzz(uint32 seed)
{
    static char text_of_seed[12];
    uint32 reported = 0;

    sprintf(text_of_seed, "%u", seed);
    pid32 pid = upcreatecap("fuzz", BELOW_MAIN, seed % 2 != 0 ? CAP_PORTS : 0, 3, "fuzz", text_of_seed, CALLS_OF_ONE);
    if (resume(pid) == SYSERR)
        return 0;
    for (;;) {
        umsg32 message = recvtime(PATIENCE_MSEC);
        if (message == (umsg32)pid)
            return reported;
        if (message == (umsg32)TIMEOUT) {
            kprintf("seed %u is stuck after %u calls\n", seed, reported);
            stuck++;
            kill(pid);
        } else if ((message & FUZZ_REPORT) != 0) {
            reported = message & ~FUZZ_REPORT;
        }
    }
}

static uint32 typed_number(void)
{
    char line[12];

    fgets(line, sizeof line, stdin);
    return atoi(line);
}

process main(void)
{
    uint32 wanted = typed_number(), first_seed = typed_number();
    pid32 heart = start_heartbeat();
    uint32 pages = freepages(), sum = checksum(), calls = 0, seed = first_seed, broken = 0;

    while (calls < wanted && broken == 0) {
        calls += fuzz(seed++);
        if (seed % 100 == 0 && (kcheck() != NULL || checksum() != sum))
            broken = seed;
    }
    sleepms(100); /* for the processes that the last fuzzers started */
    kprintf("%u calls by %u fuzzers\n", calls, seed - first_seed);
    CHECK(broken == 0 && stuck == 0);
    CHECK(checksum() == sum);
    check_alive(pages);
    kill(heart);
    checks_done();
    return OK;
}
