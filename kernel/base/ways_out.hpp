// ways_out.hpp - ending the current process, declared below every room that may have to do so
//
// process/ and report/ define these functions. A room includes only rooms below its own, but a process may have to end
// in any of them.
#pragma once

namespace detour
{

// Ends the current process as kill() ends another: removes it from its queue, sends its id to its parent, releases its
// memory and its table entry. Defined in kernel/process/process.cpp.
[[noreturn]] void end_current_process();

// A process whose stack is unusable when it is switched to runs this on the exit stack: prints a one-line report and
// ends the process. Panics if it is the null process. Defined in kernel/report/ended.cpp.
[[noreturn]] void end_for_damaged_stack();

} // namespace detour
