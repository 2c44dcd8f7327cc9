// stack_memory.hpp - pages and addresses of stacks: runs of pages, mapped far apart from each other
#pragma once

#include "kernel/memory/page_allocator.hpp"

namespace detour
{

// Which addresses of the area of the stacks are taken: it is cut into places, numbered from its beginning. A
// place is what a page is to the other allocator.
extern PageAllocator stack_places;

// At least as many bytes below each stack are addresses that nothing is mapped at. A frame that is touched
// page by page as it is made (-fstack-clash-protection) can go one page too far before it faults, and an
// interrupt at that point needs INTERRUPT_STACK_ROOM more; what is left is for code that was not compiled so.
constexpr uint32_t kStackGap = 6 * kPageBytes;

// How many places there are; they get a table with an entry for each.
uint32_t count_stack_places();
void initialize_stack_places(std::span<Frame> table);

// The pages that a stack of so many bytes takes.
uint32_t stack_pages(uint32_t bytes);

// A stack of at least `bytes` bytes, rounded up to whole pages. Returns the address of its highest word, and
// the true size in `bytes`; nullptr, with nothing changed, when there is not enough memory. Its time grows
// with the number of pages, as does that of giving it back.
char *allocate_stack(uint32_t &bytes, ProcessId owner);

// The run of pages of an allocated stack of just this size, as asked for or as rounded: its first page. 0 if
// there is no such stack.
uint32_t find_stack(const char *highest_word, uint32_t bytes);

// Gives back the stack with this run of pages.
void release_stack(uint32_t first_page);

// The same for PageAllocator::release_some(), which then releases the run. Does nothing to what is no stack.
void unmap_stack(const Frame &run);

} // namespace detour
