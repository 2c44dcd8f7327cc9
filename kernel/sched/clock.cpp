#include "kernel/sched/clock.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/assert.hpp"
#include "kernel/base/hooks.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <algorithm>

namespace detour
{

constinit bool sleepers_wait = false;

namespace
{

constinit uint32_t uptime = 0;
constinit uint32_t next_second = 1000; // when the uptime is this
constinit uint32_t next_duty = 1;      // when it is this: a second begins, or there are hooks
constinit uint32_t next_check = 1;     // when it is this: a duty, or more sleepers are due

// How many sleepers are woken at a time: a thousand instructions if many sleep.
constexpr uint32_t kWakeAtOnce = 4;

// With hooks, there is a duty at each tick.
[[gnu::noinline]] void do_duties(uint32_t now)
{
    if (now == next_second) {
        next_second += 1000;
        clktime = clktime + 1;
    }
    next_duty = run_hooks(tick_hooks, tick_hooks_end) ? now + 1 : next_second;
}

// Returns whether a process became ready.
[[gnu::noinline]] bool check_clock(uint32_t now)
{
    if (now == next_duty) [[unlikely]]
        do_duties(now);
    next_check = next_duty;
    return wake_due();
}

} // namespace

void initialize_clock()
{
    if (!has_hooks(tick_hooks, tick_hooks_end))
        next_duty = next_check = next_second;
}

uint32_t uptime_msec()
{
    return uptime;
}

void wake_after(ProcessId pid, uint32_t msec)
{
    sleep_queue.insert(pid, uptime + std::max(msec, 1U), process_entry(pid).prprio);
}

bool wake_due()
{
    uint32_t left = kWakeAtOnce;
    for (ProcessId pid = sleep_queue.pop_due(uptime); pid != kNoProcess; pid = sleep_queue.pop_due(uptime)) {
        make_ready(pid);
        if (--left == 0) {
            next_check = uptime + 1;
            return sleepers_wait = true;
        }
    }
    sleepers_wait = false;
    return left != kWakeAtOnce;
}

} // namespace detour

void clkhandler()
{
    using namespace detour;
    DEBUG_ASSERT(arch::interrupts_masked());
    // [lab switch 3
    clkcountermsec = clkcountermsec + 1;
    // lab]
    const uint32_t now = ++uptime;
    bool switch_now = (now == next_check || now == sleep_queue.next_wake()) && check_clock(now);
    DEBUG_ASSERT(sleep_queue.empty() || static_cast<int32_t>(sleep_queue.next_wake() - uptime) > 0 ||
                 next_check == uptime + 1);
    // [lab switch 4
    if (--preempt == 0) {
        preempt = QUANTUM;
        switch_now = true;
    }
    // lab]
    if (switch_now && may_switch())
        resched();
}
