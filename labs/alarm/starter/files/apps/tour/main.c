/* main.c - the program that `make run` starts: change it as you like, it is not handed in */
#include <xinu.h>

static void on_alarm(void)
{
    printf("alarm at msec %u, in process %d\n", clkcountermsec, getpid());
}

process main(void)
{
    printf("hello at msec %u\n", clkcountermsec);
    printf("cbsignal() returns %d\n", cbsignal(CB_ALARM, on_alarm, 50)); /* in 50 msec */
    while (clkcountermsec < 100)
        ;
    printf("main goes on at msec %u\n", clkcountermsec);
    return OK;
}
