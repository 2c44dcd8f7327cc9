// hooks.hpp - functions that a program's image adds to the kernel: see system/courses/
//
// The linker gathers the addresses of all of them (kernel.ld). An image without any pays for a comparison when a
// process ends, and nothing at a tick.
#pragma once

#include "kernel/base/process_list.hpp"

namespace detour
{

using TickHook = void (*)();                // at each tick, before a switch; interrupts are masked
using EndHook = void (*)(ProcessId ending); // a process ends, and its entry still has all of it; interrupts are masked

} // namespace detour

extern "C" {
extern const detour::TickHook tick_hooks[], tick_hooks_end[];
extern const detour::EndHook end_hooks[], end_hooks_end[];
}

// Adds a function to the kernel of those images that it is linked into.
#define DETOUR_HOOK(kind, function)                                                                                    \
    [[gnu::section("." #kind "_hooks"), gnu::used]] static const auto kind##_hook_of_##function = &function

namespace detour
{

// The compiler must not know that the bounds are two arrays, because to it two arrays never have the same address.
template <typename Hook> inline bool has_hooks(const Hook *begin, const Hook *end)
{
    asm("" : "+r"(begin));
    return begin != end;
}

// Calls all hooks of a kind. Returns whether there is any.
template <typename Hook, typename... Arguments>
inline bool run_hooks(const Hook *begin, const Hook *end, Arguments... arguments)
{
    if (!has_hooks(begin, end))
        return false;
    do
        (*begin)(arguments...);
    while (++begin != end);
    return true;
}

} // namespace detour
