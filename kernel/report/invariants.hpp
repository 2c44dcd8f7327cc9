// invariants.hpp - checking that the kernel's tables agree with each other
#pragma once

namespace detour
{

// Reads all tables; takes time proportional to their size. Returns nullptr if all invariants hold, otherwise a
// description of the first that does not. Called with interrupts masked.
const char *broken_invariant();

// The same without the table of page frames, which is the longest: checks the processes, their fields, stacks and
// queues. Takes time proportional to NPROC and NSEM.
const char *broken_process_invariant();

} // namespace detour
