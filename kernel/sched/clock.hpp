// clock.hpp - the passage of time
#pragma once

#include "kernel/base/process_list.hpp"

#include <xinu/types.h>

extern "C" {
extern volatile uint32 clkcountermsec;
extern volatile uint32 clktime;

// The clock interrupt, once a millisecond, called by clkdisp with interrupts masked. May switch to other processes.
void clkhandler();
}

namespace detour
{

// Milliseconds since boot. Unlike clkcountermsec, no program sets it: wake times are in its terms. It wraps.
uint32_t uptime_msec();

// Puts the process into the sleep queue for msec clock ticks, at most 2^31 - 1; 0 counts as 1, the next one.
void wake_after(ProcessId pid, uint32_t msec);

// Makes processes ready whose wake time has come, in the order of these times. Returns whether there was one; the
// caller then calls resched(). At most kReadyAtOnce at a time: while more are due, sleepers_wait is true, each sleeper
// that goes on calls this again, and so do the next tick and the null process.
extern bool sleepers_wait;
bool wake_due();

} // namespace detour
