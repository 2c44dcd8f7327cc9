// heap.cpp - slabs that begin and fill up; blocks with pages of their own
#include "kernel/memory/heap.hpp"

namespace detour
{

// A block that was never allocated: of the owner's first slab, or of a new one if that has none left. A slab whose list
// of free blocks turned out to be damaged goes on without it.
uint32_t Heap::get_fresh(uint32_t bytes, ProcessId owner) const
{
    const uint32_t size_class = slab::size_class_of(bytes);
    uint32_t page = pages_.first_run(owner, size_class);
    Frame *run = pages_.find_run(page, FrameKind::kHeapSlab);
    if (run != nullptr) {
        run->free_head = slab::kNoBlock;
        if (is_full(*run))
            pages_.move_to_back(page);
    }
    if (run == nullptr || is_full(*run)) {
        page = new_slab(size_class, owner);
        if (page == 0)
            return 0;
        run = pages_.find_run(page, FrameKind::kHeapSlab);
    }
    const uint32_t index = run->bytes++;
    ++run->used;
    block_table(page)[index] = static_cast<uint16_t>(bytes);
    if (is_full(*run))
        pages_.move_to_back(page);
    return address_of_block(page, size_class, index);
}

// A page without blocks so far, at the front of the owner's slabs of this class; 0 when there is no free page.
uint32_t Heap::new_slab(uint32_t size_class, ProcessId owner) const
{
    const uint32_t page = pages_.allocate(1, FrameKind::kHeapSlab, owner, size_class);
    if (page != 0)
        pages_.find_run(page, FrameKind::kHeapSlab)->free_head = slab::kNoBlock;
    return page;
}

uint32_t Heap::get_large(uint32_t bytes, ProcessId owner) const
{
    if (bytes == 0 || bytes > PageAllocator::kMaxFrames * kPageBytes)
        return 0;
    const uint32_t first = pages_.allocate(pages_for(bytes), FrameKind::kHeapRun, owner);
    if (first != 0)
        pages_.find_run(first, FrameKind::kHeapRun)->bytes = rounded(bytes);
    return first * kPageBytes;
}

// An allocated block's size is not 0, and rounding one that is too large gives 0 at the worst.
bool Heap::free_large(uint32_t address, uint32_t bytes) const
{
    const uint32_t first = address / kPageBytes;
    const Frame *run = pages_.find_run(first, FrameKind::kHeapRun);
    return address % kPageBytes == 0 && run != nullptr && run->bytes == rounded(bytes) &&
           pages_.release(first, FrameKind::kHeapRun);
}

} // namespace detour
