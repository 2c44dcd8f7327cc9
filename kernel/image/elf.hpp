// elf.hpp - the contents of an ELF32 file that the loader of ring-3 programs needs; nothing in it is trusted
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace detour
{

// A part of a program's memory as its file describes it: `file_bytes` bytes are copied from the file, the rest up to
// `memory_bytes` is zero. All numbers are checked. Every segment is readable; none is both writable and executable.
struct Segment {
    uint32_t address;
    uint32_t file_offset; // 0 where file_bytes is 0: file.subspan(file_offset, file_bytes) is always valid
    uint32_t file_bytes;
    uint32_t memory_bytes; // never 0
    bool writable;
    bool executable;

    constexpr uint32_t end() const { return address + memory_bytes; }
    constexpr bool contains(uint32_t byte) const { return byte >= address && byte < end(); }
};

// The contents of a valid file that the loader needs. The segments are disjoint, in ascending order, and no two of them
// share a page. Holds no reference to the file.
struct Executable {
    static constexpr uint32_t kMaxSegments = 8;

    uint32_t entry = 0; // inside an executable segment
    uint32_t count = 0;
    std::array<Segment, kMaxSegments> slots{};

    constexpr std::span<const Segment> segments() const { return {slots.data(), count}; }
    // The first address after all segments.
    constexpr uint32_t end() const { return count == 0 ? 0 : slots[count - 1].end(); }
};

// The part of user space that segments may use: [begin, end), both multiples of the page size.
struct AddressRange {
    uint32_t begin;
    uint32_t end;
};

// Reads the headers of a statically linked ELF32 executable for the i386; the file may have any alignment. Returns
// nullptr if it is valid, with its contents in `result`. Otherwise returns a description of the error, to follow the
// name of the file in a message, and leaves `result` unchanged. Does not check whether there is memory for the
// segments: they can be as large as `space`.
const char *read_executable(std::span<const std::byte> file, AddressRange space, Executable &result);

} // namespace detour
