// remains.hpp - reaping ended processes: their memory is released in pieces
//
// Freeing the pages of a large process takes longer than a tick. So a process that ends releases only as much as takes
// a few thousand instructions, with interrupts masked: most have no more than that. The rest waits here, under its id.
// The entry in the process table already has state PR_FREE, so no call finds the process; but it is reused only after
// everything is released. The null process releases what waits, a piece at a time, and so does a process that runs
// short of memory or of table entries.
#pragma once

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/process_list.hpp"

namespace detour
{

// Queues the memory, the table entry and the charges of a process that has ended for release, and releases the first
// piece at once.
void leave_remains(ProcessId pid);

// The same, without the first piece: for a process of which there may be more than one at a time.
void leave_remains_for_later(ProcessId pid);

// The same for a process that owns no memory.
void leave_no_memory(ProcessId pid);

// Releases a piece of what waits. Returns false if nothing waits.
bool release_some_remains();

// Releases everything that waits. `enabled`: interrupts may be taken between pieces.
void release_remains(bool enabled);

// Retries an attempt that fails (returns 0) for lack of memory or table entries, or because of an account's limits, as
// long as ended processes have something to release. `enabled`: as above; other processes may then run too, so a failed
// attempt must hold no resources.
template <typename Attempt> auto attempt_with_remains(bool enabled, Attempt &&attempt)
{
    auto result = attempt();
    while (!result && release_some_remains()) {
        let_interrupts_in(enabled);
        result = attempt();
    }
    return result;
}

} // namespace detour
