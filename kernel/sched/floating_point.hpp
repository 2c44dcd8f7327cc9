// floating_point.hpp - whose numbers are in the floating-point registers
//
// The registers are not changed at a switch: most processes have no use for them. They belong to a context: a process
// outside its callbacks, or in one of them (which kinds of callback run, prdetour.running, tells the contexts of a
// process apart). The unit is open while the context that runs is the one whose numbers it holds, and used it since it
// came to run. Whatever lets another context run closes it: a switch, the beginning of a detour, the end of a callback.
// Where the unit is closed, the first floating-point instruction ends up in open_float(), which exchanges the registers
// if need be.
//
// So a callback finds the unit as a new process does, and the interrupted code finds its own numbers again (R9 of
// docs/callbacks.md). A vacation is no kind, and shares the context of the code that called sleepms().
//
// A process that never uses the unit has no room for its registers, and costs nothing: a switch finds out by the
// comparison that it makes anyway, of page directories.
#pragma once

#include "kernel/base/process_list.hpp"

#include <cstdint>

namespace detour
{

// Opens the unit for the current process, which is about to execute a floating-point instruction. False if there is no
// memory for its registers. Interrupts masked.
bool open_float();

// Another context of the current process is about to run.
void close_float();

// A callback of the current process, which uses the unit, returned: its numbers are forgotten.
void float_callback_finished();

// A process ends: no number of its is left for the next in this table entry. The memory is given back with the rest of
// what it owns.
void forget_float(ProcessId pid);

} // namespace detour
