// memory.hpp - the machine's memory: one pool of pages, for heap blocks and for stacks
#pragma once

#include "kernel/base/arch.hpp"
#include "kernel/memory/heap.hpp"

namespace detour
{

extern Heap heap;

// Takes over the free memory, lowest range first; the tables of page frames and of stacks come out of the
// first range. False if there is no room for them.
bool initialize_memory(std::span<const arch::MemoryRange> ranges);

// Gives back some of what a process owns: heap blocks, stacks, its own among them, the pages of ring 3. Takes
// a few thousand instructions at most; returns whether that was the last.
bool release_some_memory_of(ProcessId owner);

} // namespace detour
