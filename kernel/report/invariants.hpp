// invariants.hpp - whether the kernel's tables agree with each other
#pragma once

namespace detour
{

// Reads all tables; its time grows with their size. Returns nullptr if all invariants hold, otherwise the
// first that does not, in words. Interrupts masked.
const char *broken_invariant();

// The same, but without the table of page frames, which is the longest: the processes, their fields, stacks
// and queues. Its time grows with NPROC and NSEM.
const char *broken_process_invariant();

} // namespace detour
