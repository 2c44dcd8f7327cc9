// heap.hpp - getmem() and freemem(): blocks of memory for processes, cut from runs of pages
#pragma once

#include "kernel/memory/page_allocator.hpp"

#include <cstdint>

namespace detour
{

// Sizes are rounded up to a multiple of 8. A block of up to kMaxSmall bytes lies in a slab: a page of one owner, cut
// into blocks of one size, a power of two from 16 to kMaxSmall. A larger block has pages of its own. A slab begins with
// its block table, a 16-bit entry per block: the exact size of an allocated block, or check bits and the index of the
// next free block. So no bookkeeping lies inside or between blocks, and freemem() can tell exactly whether a pointer
// and a size are those of a block.
//
// A program that writes past the end of its block can damage the next slab's block table. The check bits of a free
// block therefore depend on its index and its link: a damaged link is detected and ends the list of free blocks. The
// blocks beyond it are lost until the slab is released.
//
// In the page allocator, list c (1 to 7) of an owner holds its slabs of blocks of 8 << c bytes; those with a free block
// precede the full ones, so the front shows whether a new page is needed. Every operation takes constant time, except
// building the block table of a new slab, at most 227 entries. An empty slab is released at once. Every operation
// expects interrupts masked.
class Heap
{
public:
    static constexpr uint32_t kMaxSmall = 1024;

    // `base` is the address at which physical address 0 is mapped: 0 in the kernel, the start of a buffer in host
    // tests.
    constexpr Heap(PageAllocator &pages, uintptr_t base) : pages_(pages), base_(base) {}

    // Allocates `bytes` bytes for `owner`. Returns the physical address, a multiple of 8 (of the page size for a block
    // of more than kMaxSmall); 0, with nothing changed, when `bytes` is 0 or there is not enough memory.
    uint32_t getmem(uint32_t bytes, ProcessId owner);

    // Frees a block, regardless of its owner. Returns false, with nothing changed, unless `address` is the start of an
    // allocated block and `bytes` the size requested for it, up to rounding to a multiple of 8.
    bool freemem(uint32_t address, uint32_t bytes);

private:
    uint32_t get_small(uint32_t bytes, ProcessId owner);
    uint32_t get_large(uint32_t bytes, ProcessId owner);
    bool free_small(uint32_t slab, uint32_t offset, uint32_t bytes);
    bool free_large(uint32_t first, uint32_t bytes);
    uint32_t new_slab(uint32_t size_class, ProcessId owner);

    uint16_t *block_table(uint32_t slab) const
    {
        return reinterpret_cast<uint16_t *>(base_ + uintptr_t{slab} * kPageBytes);
    }

    PageAllocator &pages_;
    uintptr_t base_;
};

} // namespace detour
