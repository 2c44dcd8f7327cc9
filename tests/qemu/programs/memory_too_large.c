/* Variables that do not fit the machine's memory. */
#include <xinu.h>

static int table[6000][6000];

process main(void)
{
    printf("%d\n", table[1][2]);
    return OK;
}
