/* vacation.c - dreamvac() in ring 3: the next return of sleepms() goes through a function */
#include "registers.h"

static volatile uint32 vacations, ring_of_vacation;

static void vacation(void)
{
    vacations++;
    ring_of_vacation = ring();
}

process main(void)
{
    printf("vacation: dreamvac %d\n", dreamvac(vacation));
    int32 first = sleepms(10);
    printf("vacation: sleepms %d, %u vacations in ring %u\n", first, vacations, ring_of_vacation);
    int32 second = sleepms(10);
    printf("vacation: sleepms %d, %u vacations\n", second, vacations);
    dreamvac(vacation);
    int32 refused = sleepms(-1);
    printf("vacation: sleepms %d, %u vacations\n", refused, vacations);
    dreamvac(vacation);
    int32 taken_back = dreamvac(NULL);
    sleepms(1);
    printf("vacation: taken back %d, %u vacations\n", taken_back, vacations);
    return OK;
}
