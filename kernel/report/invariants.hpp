// invariants.hpp - checking that the kernel's tables agree with each other
#pragma once

namespace detour
{

// Each returns nullptr if all invariants hold, otherwise a description of the first that does not.

// Checks the processes, their fields, stacks and queues: called with interrupts masked, or with the switches held. Then
// interrupts only make processes ready, which can look like a contradiction. Takes time proportional to NPROC and NSEM.
const char *broken_process_invariant();

// Checks the tables of page frames, of the stacks' addresses and of the accounts, which only processes change. Takes
// time proportional to the memory of the machine.
const char *broken_memory_invariant();

} // namespace detour
