/* explained.c - for tests/gdb/explain_test.py: a system call, a library function, and a detour in ring 3 */
#include <xinu.h>

static volatile int alarms;
static char copy[8];

static void on_alarm(void)
{
    alarms++;
}

int main(void)
{
    sleepms(5);
    strcpy(copy, "library");
    cbsignal(CB_ALARM, on_alarm, 3);
    while (alarms == 0)
        ;
    printf("explained: %d alarm\n", alarms);
    return OK;
}
