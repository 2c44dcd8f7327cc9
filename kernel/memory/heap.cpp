// heap.cpp - slabs for small blocks, page runs for large ones
#include "kernel/memory/heap.hpp"

#include <bit>
#include <optional>

namespace detour
{
namespace
{

constexpr uint32_t kAlignment = 8;
constexpr uint32_t kMaxBytes = PageAllocator::kMaxFrames * kPageBytes;

constexpr uint32_t kNoBlock = 0xff; // ends the list of free blocks

// The table entry of the free block `index`: the index of the next free block in the low byte, above it seven check
// bits that depend on both indices, and the highest bit set, which no block size has.
constexpr uint32_t free_entry(uint32_t index, uint32_t next)
{
    constexpr uint32_t kMark = 0x8000;
    const uint32_t check = (index * 37 + next * 11 + 0x2b) % 0x80;
    return kMark | check << 8 | next;
}

constexpr bool is_free_entry(uint32_t index, uint32_t entry)
{
    return entry == free_entry(index, entry & 0xff);
}

constexpr uint32_t block_size(uint32_t size_class)
{
    return 8U << size_class;
}

constexpr uint32_t kEntrySize = sizeof(uint16_t);

// The number of blocks in a slab: each takes its own bytes and a table entry.
constexpr uint32_t capacity(uint32_t size_class)
{
    return kPageBytes / (block_size(size_class) + kEntrySize);
}

// The blocks end at the end of the page, so that they are aligned to 16 bytes; the table is at its start.
constexpr uint32_t first_offset(uint32_t size_class)
{
    return kPageBytes - capacity(size_class) * block_size(size_class);
}

constexpr uint32_t size_class_of(uint32_t bytes)
{
    return bytes <= 16 ? 1 : static_cast<uint32_t>(std::bit_width(bytes - 1)) - 3;
}

static_assert(capacity(1) < kNoBlock, "block indices must fit Frame::free_head");
static_assert(size_class_of(17) == 2 && size_class_of(32) == 2 && size_class_of(33) == 3);
static_assert(size_class_of(Heap::kMaxSmall) == PageAllocator::kListsPerOwner - 1, "one list per class");

// The block after `index` in the list of free blocks. A link is followed only if neither end is damaged.
uint32_t next_free(const uint16_t *table, uint32_t index, uint32_t blocks)
{
    const uint32_t next = table[index] & 0xffU;
    if (next >= blocks || !is_free_entry(index, table[index]) || !is_free_entry(next, table[next]))
        return kNoBlock;
    return next;
}

// `bytes` rounded up to the alignment, or nothing if no block can have that size.
std::optional<uint32_t> rounded(uint32_t bytes)
{
    if (bytes == 0 || bytes > kMaxBytes)
        return std::nullopt;
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

} // namespace

uint32_t Heap::getmem(uint32_t bytes, ProcessId owner)
{
    const std::optional<uint32_t> size = rounded(bytes);
    if (!size)
        return 0;
    return *size <= kMaxSmall ? get_small(*size, owner) : get_large(*size, owner);
}

bool Heap::freemem(uint32_t address, uint32_t bytes)
{
    const std::optional<uint32_t> size = rounded(bytes);
    if (!size)
        return false;
    const uint32_t frame = address / kPageBytes;
    const uint32_t offset = address % kPageBytes;
    if (offset == 0)
        return free_large(frame, *size); // no block of a slab begins at a page boundary: its table does
    return free_small(frame, offset, *size);
}

uint32_t Heap::get_large(uint32_t bytes, ProcessId owner)
{
    const uint32_t first = pages_.allocate((bytes + kPageBytes - 1) / kPageBytes, FrameKind::kHeapRun, owner);
    if (first != 0)
        pages_.find_run(first, FrameKind::kHeapRun)->bytes = bytes;
    return first * kPageBytes;
}

bool Heap::free_large(uint32_t first, uint32_t bytes)
{
    const Frame *run = pages_.find_run(first, FrameKind::kHeapRun);
    return run != nullptr && run->bytes == bytes && pages_.release(first, FrameKind::kHeapRun);
}

uint32_t Heap::get_small(uint32_t bytes, ProcessId owner)
{
    const uint32_t size_class = size_class_of(bytes);
    uint32_t slab = pages_.first_run(owner, size_class);
    if (slab == 0 || pages_.find_run(slab, FrameKind::kHeapSlab)->free_head == kNoBlock)
        slab = new_slab(size_class, owner);
    if (slab == 0)
        return 0;

    Frame &run = *pages_.find_run(slab, FrameKind::kHeapSlab);
    const uint32_t index = run.free_head;
    uint16_t *const table = block_table(slab);
    run.free_head = static_cast<uint8_t>(next_free(table, index, capacity(size_class)));
    table[index] = static_cast<uint16_t>(bytes);
    ++run.used;
    if (run.free_head == kNoBlock)
        pages_.move_to_back(slab);
    return slab * kPageBytes + first_offset(size_class) + index * block_size(size_class);
}

// A page with all its blocks free, at the front of the owner's slabs of this class; 0 when there is no free page.
uint32_t Heap::new_slab(uint32_t size_class, ProcessId owner)
{
    const uint32_t slab = pages_.allocate(1, FrameKind::kHeapSlab, owner, size_class);
    if (slab == 0)
        return 0;
    uint16_t *const table = block_table(slab);
    const uint32_t last = capacity(size_class) - 1;
    for (uint32_t index = 0; index < last; ++index)
        table[index] = static_cast<uint16_t>(free_entry(index, index + 1));
    table[last] = static_cast<uint16_t>(free_entry(last, kNoBlock));
    return slab; // free_head is already 0, the index of the first block
}

bool Heap::free_small(uint32_t slab, uint32_t offset, uint32_t bytes)
{
    Frame *const run = pages_.find_run(slab, FrameKind::kHeapSlab);
    if (run == nullptr)
        return false;
    const uint32_t size_class = run->list;
    const uint32_t start = first_offset(size_class);
    const uint32_t index = (offset - start) / block_size(size_class);
    if (offset < start || (offset - start) % block_size(size_class) != 0)
        return false;
    uint16_t &entry = block_table(slab)[index];
    if (entry != bytes)
        return false;

    const bool was_full = run->free_head == kNoBlock;
    entry = static_cast<uint16_t>(free_entry(index, run->free_head));
    run->free_head = static_cast<uint8_t>(index);
    if (--run->used == 0)
        return pages_.release(slab, FrameKind::kHeapSlab);
    if (was_full)
        pages_.move_to_front(slab);
    return true;
}

} // namespace detour
