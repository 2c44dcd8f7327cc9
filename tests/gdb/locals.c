/* For process_test.py and names_test.py, in both rings: a process that sleeps, with arguments and locals. */
#include <xinu.h>

struct pair {
    int16 first;
    uint8 second[2];
    int32 third;
};

static int sum(int first, int second)
{
    int total = first + second;

    sleepms(50);
    return total;
}

process main(void)
{
    int32 table[3] = {11, 0, 0};
    struct pair pair = {1, {2, 3}, 4};
    const char *text = "text";

    printf("%d %d %s\n", sum(table[0], 33), pair.third, text);
    return OK;
}
