// deadlock.hpp - when every process waits for another
#pragma once

namespace detour
{

// For the null process, when it has nothing to do: if no process is ready, none sleeps and none waits for the
// console, nothing will ever run again. (An alarm wakes nobody: R7 of docs/callbacks.md.) Says so, once,
// for what the processes wait, and where.
void report_if_stuck();

} // namespace detour
