/* memory.c - in ring 3: what of its memory is as its file says, and what becomes of it */
#include "tell.h"

#define WORDS 3000 /* three pages */

static const uint32 constants[WORDS] = {[0] = 3, [1023] = 14, [1024] = 15, [WORDS - 1] = 92};
static uint32 variables[WORDS] = {[0] = 65, [1500] = 35, [WORDS - 1] = 89};
static volatile uint32 zeroes[20 * 1024];
static volatile uint32 kept;

static uint32 sum_of(const uint32 *words)
{
    uint32 i, sum = 0;

    for (i = 0; i < WORDS; i++)
        sum += (i + 1) * words[i];
    return sum;
}

/* From the end of the initialized variables to the end of the page in which the others end. */
static uint32 count_nonzero(void)
{
    const volatile byte *at = (const volatile byte *)&edata, *last = (const volatile byte *)((uint32)&end | 4095);
    uint32 count = 0;

    for (; at <= last; at++)
        count += *at != 0;
    return count;
}

static void tell_arguments(int argc, char **argv)
{
    uint32 sum = 0;
    int i;

    tell(argc);
    for (i = 1; i < argc; i++) {
        const char *at;

        for (at = argv[i]; *at != '\0'; at++)
            sum = 31 * sum + *at;
        if (i == 1)
            sum = 0; /* the id of a process differs from run to run */
    }
    tell(sum);
    tell(argv[argc] == NULL);
}

/* Beside others, which do the same at the same addresses. Tells if it finds a value that is not its own. */
static void keep_for(uint32 value, uint32 msec)
{
    uint32 begin = clkcountermsec, wrong = 0;

    for (kept = value; clkcountermsec - begin < msec;) {
        wrong += kept != value;
        kept = value = next(value);
    }
    if (wrong != 0)
        tell(GOES_ON + wrong);
}

static void take_turns(uint32 value)
{
    kept = value;
    tell((uint32)&kept);
    receive();
    tell(kept);
}

process main(int argc, char **argv)
{
    const char *what = argv[2];
    uint32 number = argc > 3 ? atoi(argv[3]) : 0;

    parent = atoi(argv[1]);
    if (is(what, "arguments"))
        tell_arguments(argc, argv);
    if (is(what, "contents")) {
        tell(sum_of(constants));
        tell(sum_of(variables) + number);
    }
    if (is(what, "zeroes")) {
        tell(count_nonzero());
        memset((void *)zeroes, 0xa5, sizeof zeroes); /* for the next one to find */
        memset((void *)&end, 0xa5, 4096 - (uint32)&end % 4096);
    }
    if (is(what, "turns"))
        take_turns(number);
    if (is(what, "keep"))
        keep_for(number, atoi(argv[4]));
    if (is(what, "spin")) {
        uint32 begin = clkcountermsec;

        while (clkcountermsec - begin < number)
            ;
        tell(clkcountermsec - begin >= number);
    }
    tell(GOES_ON);
    return OK;
}
