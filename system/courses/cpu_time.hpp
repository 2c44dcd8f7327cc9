// cpu_time.hpp - the CPU time of processes, counted by the clock
//
// Only the images are counted in that this file is linked into. At each tick the process that is running has used a
// millisecond.
#pragma once

#include "kernel/base/process_list.hpp"

namespace detour::courses
{

// Calls reached(pid), with interrupts masked, when the process has used msec more of CPU time. 0 takes that back.
void limit_cpu_time(ProcessId pid, uint32_t msec, void (*reached)(ProcessId));

} // namespace detour::courses
