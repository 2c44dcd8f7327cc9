/* tables.c - task 4: the ends of what is mapped */
#include <pages.h>

#define MEMORY 0x02000000 /* of the machine that runs the checks */

static uint32 variable[4];

static uint32 page_above(uint32 address)
{
    return (address + PAGE - 1) / PAGE * PAGE;
}

void check_behind(void)
{
    uint32 behind = page_above((uint32)&end), low = (uint32)proctab[0].prstkbase + 4 - proctab[0].prstklen;
    uint32 nowhere = 0x04000000 + PAGE * given(0, 0, 0x3000);

    report("the last byte of the program's variables: %s", writing(behind - 1));
    report("the page behind them: %s", reading(behind));
    report("the lowest byte of the null process's stack: %s", writing(low));
    report("the byte below: %s", reading(low - 1));
    report("where memory ends: %s", reading(MEMORY));
    report("at 0x%08x: %s", nowhere, reading(nowhere));
}

static const char *verdict(const void *words, uint32 count)
{
    return stackcompare(getpid(), words, words, count) == SYSERR ? "refused" : "accepted";
}

/* stackcompare() reads words of the caller's if they are memory that can be written. */
void check_words(void)
{
    report("NULL: %s", verdict(NULL, 1));
    report("code: %s", verdict(&text, 2));
    report("a variable: %s", verdict(variable, 4));
    report("from the last variable on: %s", verdict((void *)(page_above((uint32)&end) - 4), 2));
    report("where memory ends: %s", verdict((void *)MEMORY, 1));
    report("up to the end of all addresses: %s", verdict((void *)0xfffffffc, 1));
}
