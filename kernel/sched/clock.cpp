#include "kernel/sched/clock.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/assert.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/window.hpp"

extern "C" {
constinit volatile uint32 clkcountermsec = 0;
constinit volatile uint32 clktime = 0;
}

namespace detour
{

namespace
{

constinit uint64_t uptime = 0;
constinit uint32_t msec_of_second = 0;

} // namespace

uint64_t uptime_msec()
{
    return uptime;
}

void wake_after(ProcessId pid, uint32_t msec)
{
    sleep_queue.insert(pid, uptime + msec);
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
    publish_msec(clkcountermsec);
    ++uptime;
    if (++msec_of_second == 1000) {
        msec_of_second = 0;
        clktime = clktime + 1;
        publish_seconds(clktime);
    }
    bool switch_now = wake_due();
    DEBUG_ASSERT(sleep_queue.empty() || *sleep_queue.next_wake() > uptime);
    if (--ticks_left == 0) {
        ticks_left = QUANTUM;
        switch_now = true;
    }
    if (switch_now)
        resched();
}
