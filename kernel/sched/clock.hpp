// clock.hpp - the passage of time
#pragma once

#include "kernel/base/process_list.hpp"

#include <xinu/types.h>

extern "C" {
extern volatile uint32 clkcountermsec;
extern volatile uint32 clktime;

// The clock interrupt, once a millisecond, called by clkdisp with interrupts masked. May switch to other
// processes.
void clkhandler();
}

namespace detour
{

// Milliseconds since boot. Unlike clkcountermsec it does not wrap, and nobody sets it: wake times are in its
// terms.
uint64_t uptime_msec();

// Puts the process into the sleep queue for msec clock ticks, 0 being the next one.
void wake_after(ProcessId pid, uint32_t msec);

// Makes ready whoever has slept long enough. Returns whether that was anyone; the caller then calls
// resched().
bool wake_due();

} // namespace detour
