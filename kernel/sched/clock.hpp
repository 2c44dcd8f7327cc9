// clock.hpp - the passage of time
#pragma once

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/process_list.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu/types.h>

extern "C" {
// The clock interrupt, once a millisecond, called by clkdisp with interrupts masked. May switch to other processes.
void clkhandler();
}

namespace detour
{

// Called before the clock starts: without hooks, the first tick has no more to do than others.
void initialize_clock();

// Milliseconds since boot. Unlike clkcountermsec, no program sets it: wake times are in its terms. It wraps.
uint32_t uptime_msec();

// Puts the process into the sleep queue for msec clock ticks, at most 2^31 - 1; 0 counts as 1, the next one.
void wake_after(ProcessId pid, uint32_t msec);

// Makes processes ready whose wake time has come, in the order of these times. Returns whether there was one; the
// caller then calls resched(). At most a few at a time: while more are due, sleepers_wait is true, and the next tick,
// the null process, and each sleeper that goes on wake some more.
extern bool sleepers_wait;
bool wake_due();

// Called by a sleeper that goes on. Switches only to a more urgent process. `enabled`: interrupts are taken first, and
// so never masked from one sleeper to the next.
inline void wake_more(bool enabled)
{
    if (!sleepers_wait) [[likely]]
        return;
    let_interrupts_in(enabled);
    if (wake_due() && ready_queue.highest_priority() > priority_of(current_id()))
        resched();
}

} // namespace detour
