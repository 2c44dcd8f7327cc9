// memory.hpp - the machine's memory: one pool of pages, for heap blocks and for stacks
#pragma once

#include "kernel/base/arch.hpp"
#include "kernel/memory/heap.hpp"

namespace detour
{

// Has no state but that of page_allocator; a constant, so that its inline functions need not load its members.
inline constinit const Heap heap{page_allocator, 0};

// Takes over the free memory, lowest range first; the tables of page frames and of stacks are allocated from the first
// range. Returns false if there is no room for them.
bool initialize_memory(std::span<const arch::MemoryRange> ranges);

// Releases some of the memory that a process owns: heap blocks, stacks (its own included), ring-3 pages. Takes a few
// thousand instructions at most. Returns true once nothing is left.
bool release_some_memory_of(ProcessId owner);

} // namespace detour
