// memory.hpp - the machine's memory: one pool of pages, for heap blocks and for stacks, which lie far apart
#pragma once

#include "kernel/base/arch.hpp"
#include "kernel/memory/heap.hpp"
#include "kernel/memory/page_allocator.hpp"

namespace detour
{

extern PageAllocator page_allocator;

// Which addresses of the area of the stacks are taken: it is cut into places, numbered from its beginning. A
// place is what a page is to the other allocator.
extern PageAllocator stack_places;
extern Heap heap;

// At least as many bytes below each stack are addresses that nothing is mapped at. A frame that is touched
// page by page as it is made (-fstack-clash-protection) can go one page too far before it faults, and an
// interrupt at that point needs INTERRUPT_STACK_ROOM more; what is left is for code that was not compiled so.
constexpr uint32_t kStackGap = 6 * kPageSize;

// Takes over the free memory, lowest range first; the tables of page frames and of stacks come out of the
// first range. False if there is no room for them.
bool initialize_memory(std::span<const arch::MemoryRange> ranges);

// A stack of at least `bytes` bytes, rounded up to whole pages. Returns the address of its highest word, and
// the true size in `bytes`; nullptr, with nothing changed, when there is not enough memory. Its time grows
// with the number of pages, as does that of giving it back.
char *allocate_stack(uint32_t &bytes, ProcessId owner);

// The pages that such a stack takes.
uint32_t stack_pages(uint32_t bytes);

// Whether this is an allocated stack of just this size, as allocate_stack() has returned them.
bool is_stack(char *highest_word, uint32_t bytes);

// Gives a stack back. False, and nothing changed, unless highest_word is that of an allocated stack of just
// this size (as asked for or as rounded), on which no process runs.
bool free_stack(char *highest_word, uint32_t bytes);

// Gives back some of what a process owns: heap blocks, stacks, its own among them, the pages of ring 3. Takes
// a few thousand instructions at most; returns whether that was the last.
bool release_some_memory_of(ProcessId owner);

} // namespace detour
