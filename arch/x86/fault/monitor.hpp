// monitor.hpp - what int3 drops into in a kernel that was built for it (MONITOR=1): a look at the machine, and on
//
// It stops the whole machine, so only a kernel that was built for it lets processes open it.
#pragma once

#include "arch/x86/entry/frames.h"

namespace detour::arch
{

// Whether this exception is the monitor's: a breakpoint, or the instruction after a step.
bool is_for_monitor(const ExceptionFrame &frame);

// Reads commands from the console until one resumes the machine, or the input ends (Ctrl-D). Interrupts masked.
void monitor(ExceptionFrame &frame);

} // namespace detour::arch
