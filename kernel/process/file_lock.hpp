// file_lock.hpp - one process at a time works on the files
#pragma once

#include "kernel/base/process_list.hpp"

namespace detour
{

// Waits until the current process has the lock. Interrupts are masked.
void lock_files();

// The process that waits longest has it next. Returns true if there is one; the caller then calls resched().
bool unlock_files();

// The same for a process that ends, if it has the lock.
void leave_files(ProcessId pid);

} // namespace detour
