// remains.hpp - what processes have left when they ended, given back in pieces
//
// To free the pages of a large process takes longer than a tick. So a process that ends gives back only as
// much as takes a few thousand instructions, with interrupts masked: most have no more than that. The rest
// waits here, under its id. The entry in the process table has state PR_FREE already, so that no call finds
// the process; but it is used again only when everything is back. The null process frees what waits, a piece
// at a time, and so does whoever runs short of memory or of table entries.
#pragma once

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/process_list.hpp"

namespace detour
{

// The process has ended: its memory, its table entry and what it is charged are to be given back. The first
// piece is, at once.
void leave_remains(ProcessId pid);

// The same for a process to which no memory belongs.
void leave_no_memory(ProcessId pid);

// Gives back a piece of what waits. Returns false if nothing does.
bool release_some_remains();

// Gives back everything that waits. `enabled`: interrupts may come in between.
void release_remains(bool enabled);

// Makes an attempt that fails (with 0) for want of memory, of table entries or of what an account allows,
// again and again as long as ended processes have something to give back. `enabled`: as above; others may
// then run, too, so the attempt must hold nothing when it has failed.
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
