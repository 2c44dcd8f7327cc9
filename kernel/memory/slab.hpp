// slab.hpp - the layout of a slab: a page of the heap, cut into blocks of one size
//
// A slab begins with its block table, a 16-bit entry per block. The blocks end at the end of the page, so that they are
// aligned to 16 bytes. Size class c (1 to 7) has blocks of 8 << c bytes.
#pragma once

#include "kernel/base/page.h"

#include <array>
#include <bit>
#include <cstdint>

namespace detour::slab
{

constexpr uint32_t kClasses = 8; // class 0 is not used
constexpr uint32_t kMaxBytes = 1024;

constexpr uint32_t kNoBlock = 0xff; // ends the list of free blocks

constexpr uint32_t shift_of(uint32_t size_class)
{
    return 3 + size_class;
}

constexpr uint32_t block_size(uint32_t size_class)
{
    return 1U << shift_of(size_class);
}

// `bytes`: 1 to kMaxBytes. The XOR gives the position of the highest bit, which bsr finds without it.
constexpr uint32_t size_class_of(uint32_t bytes)
{
    return (static_cast<uint32_t>(std::countl_zero((bytes - 1) | 15)) ^ 31) - 2;
}
static_assert(size_class_of(1) == 1 && size_class_of(16) == 1 && size_class_of(17) == 2 && size_class_of(32) == 2);
static_assert(size_class_of(33) == 3 && size_class_of(kMaxBytes) == kClasses - 1);

// The number of blocks in a slab: each takes its own bytes and a table entry.
constexpr uint32_t capacity(uint32_t size_class)
{
    return kPageBytes / (block_size(size_class) + sizeof(uint16_t));
}
static_assert(capacity(1) < kNoBlock, "block indices must fit Frame::free_head");

// What getmem() and freemem() need of a class, in a table that spares them the division.
struct Layout {
    uint16_t first_offset; // of block 0
    uint16_t capacity;
};
constexpr std::array<Layout, kClasses> kLayouts = [] {
    std::array<Layout, kClasses> layouts{};
    for (uint32_t size_class = 1; size_class < kClasses; ++size_class) {
        const uint32_t blocks = capacity(size_class);
        layouts[size_class] = {static_cast<uint16_t>(kPageBytes - blocks * block_size(size_class)),
                               static_cast<uint16_t>(blocks)};
    }
    return layouts;
}();

// The table entry of the free block `index`: the index of the next free block in the low byte, above it seven check
// bits that depend on both indices, and the highest bit set, which no block size has.
constexpr uint16_t free_entry(uint32_t index, uint32_t next)
{
    constexpr uint32_t kMark = 0x8000;
    const uint32_t check = (index + next * 5 + 0x2b) % 0x80;
    return static_cast<uint16_t>(kMark | check << 8 | next);
}

constexpr bool is_free_entry(uint32_t index, uint32_t entry)
{
    return entry == free_entry(index, entry % 0x100);
}

} // namespace detour::slab
