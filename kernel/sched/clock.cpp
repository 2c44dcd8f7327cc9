#include "kernel/sched/clock.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/assert.hpp"
#include "kernel/sched/scheduler.hpp"

#include <algorithm>

namespace detour
{

namespace
{

constinit uint32_t uptime = 0;
constinit uint32_t next_second = 1000; // when the uptime is this

void begin_second()
{
    next_second += 1000;
    clktime = clktime + 1;
}

} // namespace

uint32_t uptime_msec()
{
    return uptime;
}

void wake_after(ProcessId pid, uint32_t msec)
{
    sleep_queue.insert(pid, uptime + std::max(msec, 1U));
}

bool wake_due()
{
    bool any = false;
    for (ProcessId pid = sleep_queue.pop_due(uptime); pid != kNoProcess; pid = sleep_queue.pop_due(uptime)) {
        make_ready(pid);
        any = true;
    }
    return any;
}

} // namespace detour

void clkhandler()
{
    using namespace detour;
    DEBUG_ASSERT(arch::interrupts_masked());
    DEBUG_ASSERT(ticks_left > 0 && ticks_left <= QUANTUM);
    clkcountermsec = clkcountermsec + 1;
    const uint32_t now = ++uptime;
    if (now == next_second) [[unlikely]]
        begin_second();
    bool switch_now = now == sleep_queue.next_wake() && wake_due();
    DEBUG_ASSERT(sleep_queue.empty() || static_cast<int32_t>(sleep_queue.next_wake() - uptime) > 0);
    if (--ticks_left == 0) {
        ticks_left = QUANTUM;
        switch_now = true;
    }
    if (switch_now)
        resched();
}
