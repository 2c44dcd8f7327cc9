// switch_hold.hpp - long work during which interrupts are served, but no other process runs
//
// Work that others must not see half done takes a few hundred instructions, with interrupts masked. Longer work of this
// kind, and a report, which has the one exit stack, would lose clock ticks that way. It holds the switches instead, and
// lets interrupts in: these count the time, take characters and make processes ready. A switch that one of them asks
// for takes place at the end of the hold, and a callback that becomes due runs at the first tick after it.
#pragma once

#include "kernel/base/arch.hpp"
#include "kernel/base/assert.hpp"

extern "C" void resched(); // scheduler.hpp

namespace detour
{

// Whether the current process holds the switches.
extern bool switches_held;
extern bool switch_wanted; // an interrupt asked for one meanwhile

// Called by an interrupt before resched(). If the switches are held, notes that one is wanted, and returns false.
inline bool may_switch()
{
    if (!switches_held) [[likely]]
        return true;
    switch_wanted = true;
    return false;
}

// Enables interrupts. Not inline, so that tools/check/stack_depth.py sees which functions can be interrupted.
[[gnu::noinline]] inline void take_interrupts()
{
    arch::enable_interrupts();
}

inline void release_switches()
{
    switches_held = switch_wanted = false;
}

// The current process is going to end, and reports why, on the exit stack or its own: no other process runs until its
// end, which releases the switches. The caller takes interrupts from here on.
inline void hold_switches_until_end()
{
    switches_held = true;
}

// Holds the switches for a scope, which begins and ends with interrupts masked. `enabled`: takes interrupts throughout;
// otherwise the scope may call let_interrupts_in(). The current process does not switch itself meanwhile.
class SwitchHold
{
public:
    [[nodiscard]] explicit SwitchHold(bool enabled = false)
    {
        KASSERT(arch::interrupts_masked() && !switches_held);
        switches_held = true;
        if (enabled)
            take_interrupts();
    }
    ~SwitchHold()
    {
        arch::disable_interrupts();
        const bool wanted = switch_wanted;
        release_switches();
        if (wanted)
            resched();
    }

    SwitchHold(const SwitchHold &) = delete;
    SwitchHold &operator=(const SwitchHold &) = delete;
};

} // namespace detour
