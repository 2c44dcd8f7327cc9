// heap.hpp - getmem() and freemem(): blocks of memory for processes, cut from runs of pages
#pragma once

#include "kernel/memory/page_allocator.hpp"
#include "kernel/memory/slab.hpp"

#include <cstdint>

namespace detour
{

// Sizes are rounded up to a multiple of 8. A block of up to kMaxSmall bytes lies in a slab: a page of one owner, cut
// into blocks of one size, a power of two from 16 to kMaxSmall. A larger block has pages of its own. An entry of a
// slab's block table is the exact size of an allocated block, or check bits and the index of the next free block. So no
// bookkeeping lies inside or between blocks, and freemem() can tell exactly whether a pointer and a size are those of a
// block.
//
// Blocks that were freed are linked, the last one first. Those that were never allocated follow the others in the page,
// and their entries are not even initialized: the page's Frame::bytes is the number of blocks that were, and both
// getmem() and freemem() look at no entry beyond it.
//
// A program that writes past the end of its block can damage the next slab's block table. So the check bits of a free
// block depend on its index and its link, and a block is allocated only if its own entry is that of a free block: where
// a link leads is not trusted, nor is the block that it leads to. The blocks beyond a damaged one are lost until the
// slab is released.
//
// In the page allocator, list c (1 to 7) of an owner holds its slabs of size class c; those with a free block precede
// the full ones, so the front shows whether a new page is needed. Every operation takes constant time. An empty slab is
// released at once. Every operation expects interrupts masked.
//
// What a call does most often, a block of a slab that stays, is inline; the rest is in heap.cpp.
class Heap
{
public:
    static constexpr uint32_t kMaxSmall = slab::kMaxBytes;
    static_assert(slab::kClasses == PageAllocator::kListsPerOwner, "one list per class");

    // `base` is the address at which physical address 0 is mapped: 0 in the kernel, the start of a buffer in host
    // tests.
    constexpr Heap(PageAllocator &pages, uintptr_t base) : pages_(pages), base_(base) {}

    // Allocates `bytes` bytes for `owner`. Returns the physical address, a multiple of 8 (of the page size for a block
    // of more than kMaxSmall); 0, with nothing changed, when `bytes` is 0 or there is not enough memory.
    uint32_t getmem(uint32_t bytes, ProcessId owner) const
    {
        return is_small(bytes) ? get_small(rounded(bytes), owner) : get_large(bytes, owner);
    }

    // Frees a block, regardless of its owner. Returns false, with nothing changed, unless `address` is the start of an
    // allocated block and `bytes` the size requested for it, up to rounding to a multiple of 8.
    bool freemem(uint32_t address, uint32_t bytes) const
    {
        return is_small(bytes) ? free_small(address, rounded(bytes)) : free_large(address, bytes);
    }

private:
    static constexpr uint32_t rounded(uint32_t bytes) { return (bytes + 7) & ~7U; }
    static constexpr bool is_small(uint32_t bytes) { return bytes - 1 < kMaxSmall; } // not 0, which becomes the largest

    uint32_t get_small(uint32_t bytes, ProcessId owner) const;
    bool free_small(uint32_t address, uint32_t bytes) const;

    uint32_t get_fresh(uint32_t bytes, ProcessId owner) const;
    uint32_t new_slab(uint32_t size_class, ProcessId owner) const;
    uint32_t get_large(uint32_t bytes, ProcessId owner) const;
    bool free_large(uint32_t address, uint32_t bytes) const;

    static bool is_full(const Frame &run)
    {
        return run.free_head == slab::kNoBlock && run.bytes == slab::kLayouts[run.list].capacity;
    }
    static uint32_t address_of_block(uint32_t page, uint32_t size_class, uint32_t index)
    {
        return page * kPageBytes + slab::kLayouts[size_class].first_offset + (index << slab::shift_of(size_class));
    }
    uint16_t *block_table(uint32_t page) const
    {
        return reinterpret_cast<uint16_t *>(base_ + uintptr_t{page} * kPageBytes);
    }

    PageAllocator &pages_;
    uintptr_t base_;
};

// The block that was freed last in the owner's first slab of that class, if there is one: free_head is kNoBlock, which
// exceeds any number of blocks, when there is none. Page 0 is no slab.
inline uint32_t Heap::get_small(uint32_t bytes, ProcessId owner) const
{
    const uint32_t size_class = slab::size_class_of(bytes);
    const uint32_t page = pages_.first_run(owner, size_class);
    Frame *const run = pages_.find_run(page, FrameKind::kHeapSlab);
    if (run == nullptr || run->free_head >= run->bytes) [[unlikely]]
        return get_fresh(bytes, owner);
    const uint32_t index = run->free_head;
    uint16_t &entry = block_table(page)[index];
    if (!slab::is_free_entry(index, entry)) [[unlikely]]
        return get_fresh(bytes, owner);
    run->free_head = static_cast<uint8_t>(entry);
    ++run->used;
    entry = static_cast<uint16_t>(bytes);
    if (is_full(*run)) [[unlikely]]
        pages_.move_to_back(page);
    return address_of_block(page, size_class, index);
}

// No block of a slab begins at a page boundary: its table does. An address below the first block gives an index beyond
// all others, since the subtraction wraps around.
inline bool Heap::free_small(uint32_t address, uint32_t bytes) const
{
    const uint32_t page = address / kPageBytes;
    Frame *const run = pages_.find_run(page, FrameKind::kHeapSlab);
    if (run == nullptr)
        return false;
    const uint32_t shift = slab::shift_of(run->list);
    const uint32_t offset = address % kPageBytes - slab::kLayouts[run->list].first_offset;
    const uint32_t index = offset >> shift;
    if (index >= run->bytes || index << shift != offset)
        return false;
    uint16_t &entry = block_table(page)[index];
    if (entry != bytes)
        return false;
    const bool was_full = is_full(*run);
    entry = slab::free_entry(index, run->free_head);
    run->free_head = static_cast<uint8_t>(index);
    if (--run->used == 0) [[unlikely]]
        return pages_.release(page, FrameKind::kHeapSlab);
    if (was_full) [[unlikely]]
        pages_.move_to_front(page);
    return true;
}

} // namespace detour
