// memory.hpp - the machine's memory: one pool of pages, for heap blocks and for stacks with guard pages
#pragma once

#include "kernel/arch.hpp"
#include "kernel/heap.hpp"
#include "kernel/page_allocator.hpp"

namespace detour
{

extern PageAllocator page_allocator;
extern Heap heap;

// Takes over the free memory, lowest range first; the table of page frames comes out of the first range.
void initialize_memory(std::span<const arch::MemoryRange> ranges);

// A stack of at least `bytes` bytes, rounded up to whole pages, with an unmapped guard page below it. Returns
// the address of its highest word, and the true size in `bytes`; nullptr, with nothing changed, when there is
// not enough memory.
char *allocate_stack(uint32_t &bytes, ProcessId owner);

// Whether this is an allocated stack of just this size, as allocate_stack() has returned them.
bool is_stack(char *highest_word, uint32_t bytes);

// Gives a stack back. False, and nothing changed, unless highest_word is that of an allocated stack of just
// this size (as asked for or as rounded), on which no process runs.
bool free_stack(char *highest_word, uint32_t bytes);

// Gives back everything that a process owns: heap blocks, and stacks, its own among them.
void release_memory_of(ProcessId owner);

} // namespace detour
