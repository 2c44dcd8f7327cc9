// limit.hpp - a limit to the run in the machine's own time, which also ends a kernel that hangs
#pragma once

#include <cstdint>

namespace detour::arch
{

// Requests an NMI after so many msec, above 0, from now on. Called before paging is on, some msec before the clock
// begins to count. False, and nothing happens, on a machine without the timer for it.
bool limit_start(uint32_t msec);

// Whether a limit is set: the NMI then ends the machine.
bool limit_is_set();

} // namespace detour::arch
