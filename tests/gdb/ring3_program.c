/* The program of programs_test.py in ring 3. */
#include <xinu.h>

static volatile int rounds;

static void on_alarm(void)
{
    rounds++;
}

process main(void)
{
    cbsignal(CB_ALARM, on_alarm, 5);
    sleepms(20);
    printf("rounds: %d\n", rounds);
    return OK;
}
