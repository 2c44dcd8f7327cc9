/* vacation.c - task 4: dreamvac() */
#include "hijacked.h"

static volatile int calls;

static void on_vacation(void)
{
    calls++;
    report("vacation in %s at %u", me->prname, now());
}

void check_vacation(void)
{
    uint32 msec = given(0, 10, 60);
    syscall result;

    begin();
    report("dreamvac: %s", verdict(dreamvac(on_vacation)));
    result = sleepms(msec);
    report("sleepms returns %d at %u", result, now());
}

void check_once(void)
{
    begin();
    dreamvac(on_vacation);
    sleepms(given(0, 5, 30));
    report("calls: %d", calls);
    sleepms(given(1, 5, 30));
    report("calls: %d", calls);
    dreamvac(on_vacation);
    spin_until(now() + 5);
    report("without a sleep, calls: %d", calls);
}
