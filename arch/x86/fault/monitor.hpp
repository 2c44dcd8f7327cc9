// monitor.hpp - what int3 drops into in a kernel that was built for it (MONITOR=1): a look at the machine,
// and on
//
// It stops the whole machine, so that it is not for every process to open.
#pragma once

#include "arch/x86/entry/frames.h"

namespace detour::arch
{

// Whether this exception is the monitor's: a breakpoint, or the instruction after a step.
bool is_for_monitor(const ExceptionFrame &frame);

// Talks to the console until it is told to go on, or the input has ended (Ctrl-D). Interrupts masked.
void monitor(ExceptionFrame &frame);

} // namespace detour::arch
