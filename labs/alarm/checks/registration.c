/* registration.c - task 1 */
#include "alarm.h"

static volatile uint32 variable;

static void on_alarm(void) {}

void check_register(void)
{
    begin();
    report_fields("before");
    report("cbsignal returns %d", cbsignal(CB_ALARM, on_alarm, given(0, 100, 4000)));
    report_fields("after");
    report("prcbf1 is %s", me->prcbf1 == on_alarm ? "the callback" : "something else");
}

static const char *verdict(syscall result)
{
    return result == SYSERR ? "refused" : "accepted";
}

void check_refuse(void)
{
    uint32 soon = given(0, 100, 4000);

    begin();
    report("msec 5001: %s", verdict(cbsignal(CB_ALARM, on_alarm, 5001)));
    report("msec %u: %s", given(1, 6000, 0x7fffffff),
           verdict(cbsignal(CB_ALARM, on_alarm, given(1, 6000, 0x7fffffff))));
    report("msec -1: %s", verdict(cbsignal(CB_ALARM, on_alarm, (uint32)-1)));
    report("etype 0: %s", verdict(cbsignal(0, on_alarm, soon)));
    report("etype %u: %s", given(2, 3, 60000), verdict(cbsignal(given(2, 3, 60000), on_alarm, soon)));
    report_fields("after refusals");
    report("msec 5000: %s", verdict(cbsignal(CB_ALARM, on_alarm, 5000)));
    report("a second one: %s", verdict(cbsignal(CB_ALARM, on_alarm, soon)));
    report_fields("at the end");
}

static const char *try(uint32 address)
{
    syscall result = cbsignal(CB_ALARM, (callback)address, 4000);

    me->pralarmreg = me->pretype = 0; /* the next one is not to be refused for being the second */
    return verdict(result);
}

void check_code(void)
{
    uint32 local = 0;

    report("NULL: %s", try(0));
    report("a variable: %s", try((uint32)&variable));
    report("the stack: %s", try((uint32)&local));
    report("a function: %s", try((uint32)on_alarm));
    report("inside a function: %s", try((uint32)check_code + given(0, 1, 40)));
}
