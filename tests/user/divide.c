/* divide.c - divides by zero */
#include <xinu.h>

static int divide(int by)
{
    return 100 / by;
}

process main(void)
{
    printf("divide: 100 / 0\n");
    printf("divide: is %d\n", divide(0));
    return OK;
}
