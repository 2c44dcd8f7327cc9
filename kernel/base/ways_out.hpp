// ways_out.hpp - how the current process ends, declared below everything that may have to end it
//
// process/ and report/ define these. Every room includes only rooms below its own; but a process can meet its
// end anywhere.
#pragma once

namespace detour
{

// Ends the current process as kill() ends another: takes it out of its queue, sends its id to its parent,
// gives back its memory and its entry. Defined in kernel/process/process.cpp.
[[noreturn]] void end_current_process();

// What a process runs, on the exit stack, that has been switched to without a usable stack: reports that in a
// line, and ends it. A panic if it is the null process. Defined in kernel/report/ended.cpp.
[[noreturn]] void end_for_damaged_stack();

} // namespace detour
