/* null_call.c - what is measured in ring 3 */
#include "bench.h"

void measure_null_calls(void)
{
    resume(upcreate("costs", INITPRIO, 1, "costs"));
    receive(); /* the message of its end */
}
