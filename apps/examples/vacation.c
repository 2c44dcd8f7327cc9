/* vacation.c - the next return of sleepms() goes through a function, and then to where it was called */
#include <xinu.h>

static void vacation(void)
{
    printf("on vacation, before sleepms() returns\n");
}

process main(void)
{
    dreamvac(vacation);
    printf("sleepms() returns %d\n", sleepms(10));
    printf("and %d, without a vacation\n", sleepms(10));
    return OK;
}
