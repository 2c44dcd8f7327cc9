/* edges.c - task 4: dreamvac(), in the corners */
#include <hijacked.h>

static volatile int calls;
static int no_code;

static void on_vacation(void)
{
    calls++;
}

void check_edges(void)
{
    syscall result;

    dreamvac(on_vacation);
    result = sleepms(0);
    report("sleepms(0) returns %d, calls: %d", result, calls);
    dreamvac(on_vacation);
    result = sleepms(-(int32)given(0, 1, 1000000));
    report("sleepms of a negative number returns %d, calls: %d", result, calls);
    dreamvac(on_vacation);
    report("NULL: %s", verdict(dreamvac(NULL)));
    result = sleepms(2);
    report("sleepms returns %d, calls: %d", result, calls);
    report("NULL again: %s", verdict(dreamvac(NULL)));
    dreamvac(on_vacation);
    report("data: %s", verdict(dreamvac((callback)&no_code)));
    report("etext: %s", verdict(dreamvac((callback)&etext)));
    result = sleepms(2);
    report("sleepms returns %d, calls: %d", result, calls);
}
