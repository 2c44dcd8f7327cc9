// deadlock.hpp - detecting that every process waits for another
#pragma once

namespace detour
{

// Called by the idle null process. If no process is ready, none sleeps and none waits for the console, no process will
// ever run again. (An alarm wakes no process: R7 of docs/callbacks.md.) Reports that, once, with what each process
// waits for, and where.
void report_if_stuck();

} // namespace detour
