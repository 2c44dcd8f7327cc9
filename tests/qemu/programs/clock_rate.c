/* The rate of the clock interrupt, in the emulator's virtual time, in which one tick of the TSC is a
 * nanosecond. */
#include "check.h"

process main(void)
{
    sleepms(1);
    uint64 begin = getticks();
    sleepms(1000);
    uint32 elapsed = getticks() - begin;
    CHECK(elapsed > 999700000 && elapsed < 1000000000); /* the PIT divides 1193182 Hz by 1193 */
    checks_done();
    return OK;
}
