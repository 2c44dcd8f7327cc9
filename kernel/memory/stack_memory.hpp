// stack_memory.hpp - memory and addresses of stacks: runs of pages, mapped with unmapped gaps between them
#pragma once

#include "kernel/memory/page_allocator.hpp"

#include <xinu/config.h>

namespace detour
{

// The allocated addresses of the stack area, which is divided into places, numbered from its beginning. A place is to
// this allocator what a page is to page_allocator.
extern PageAllocator stack_places;

// The minimum size in bytes of the unmapped gap below each stack. A frame that is probed page by page as it is
// allocated (-fstack-clash-protection) can extend one page too far before it faults, and an interrupt at that point
// needs INTERRUPT_STACK_ROOM more; the rest is a margin for code compiled without that option.
constexpr uint32_t kStackGap = 6 * kPageBytes;

// The number of places; their table has an entry for each.
uint32_t count_stack_places();
void initialize_stack_places(std::span<Frame> table);

// The number of pages of a stack of this many bytes.
inline uint32_t stack_pages(uint32_t bytes)
{
    return pages_for(bytes < MINSTK ? MINSTK : bytes);
}

// Allocates a stack of at least `bytes` bytes, rounded up to whole pages. Returns the address of its highest word, and
// the actual size in `bytes`; nullptr, with nothing changed, when there is not enough memory. Of a larger stack than
// kStackBytesAtOnce only so many bytes, the highest, are mapped: map_rest_of_stack() maps the others.
constexpr uint32_t kStackBytesAtOnce = 128 * kPageBytes;
char *allocate_stack(uint32_t &bytes, ProcessId owner);

// bytes: the actual size. `enabled`: interrupts may be taken in between; the caller holds the switches.
void map_rest_of_stack(const char *highest_word, uint32_t bytes, bool enabled);

// The first page of the run that backs the allocated stack of exactly this size, as requested or as rounded. 0 if there
// is no such stack.
uint32_t find_stack(const char *highest_word, uint32_t bytes);

// Releases the stack that is backed by this run of pages. `enabled`: as above.
void release_stack(uint32_t first_page, bool enabled);

// Unmaps a stack for PageAllocator::release_some(), which then releases the run. A large stack shrinks instead, by its
// lowest pages. Returns the work, or kLater for such a stack; 0 for a run that is no stack.
uint32_t unmap_before_release(uint32_t first_page, const Frame &run);

} // namespace detour
