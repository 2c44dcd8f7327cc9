#include "arch/x86/multiboot.hpp"

#include <algorithm>
#include <cstring>

namespace detour::arch
{

namespace
{

constexpr std::uint32_t kLoaderSignature = 0x2BADB002;

constexpr std::uint32_t kHasMemory = 1U << 0;
constexpr std::uint32_t kHasCommandLine = 1U << 2;
constexpr std::uint32_t kHasMemoryMap = 1U << 6;

struct Information {
    std::uint32_t flags;
    std::uint32_t memory_lower; // KiB below 1 MiB
    std::uint32_t memory_upper; // KiB from 1 MiB to the first hole
    std::uint32_t boot_device;
    std::uint32_t command_line;
    std::uint32_t modules[2];
    std::uint32_t symbols[4];
    std::uint32_t map_bytes;
    std::uint32_t map_address;
};

struct [[gnu::packed]] MapEntry {
    std::uint32_t size; // of what follows
    std::uint64_t base;
    std::uint64_t length;
    std::uint32_t type;
};

constexpr std::uint32_t kUsableRam = 1;
constexpr std::uint64_t kLowest = 0x00100000;  // what lies below is left to the PC
constexpr std::uint64_t kHighest = 0x40000000; // what lies above is not mapped

// Adds a usable range, cut to whole pages within the bounds.
void add_range(std::span<MemoryRange> ranges, std::size_t &count, std::uint64_t base, std::uint64_t length)
{
    const std::uint64_t first = (std::max(base, kLowest) + kPageBytes - 1) & ~std::uint64_t{kPageBytes - 1};
    const std::uint64_t last = std::min(base + length, kHighest) & ~std::uint64_t{kPageBytes - 1};
    if (first < last && count < ranges.size())
        ranges[count++] = {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last - first)};
}

} // namespace

bool is_multiboot(std::uint32_t signature)
{
    return signature == kLoaderSignature;
}

BootInformation read_multiboot(std::uint32_t information, std::span<MemoryRange, kMaxRanges> ranges)
{
    const auto &info = *reinterpret_cast<const Information *>(information);
    std::size_t count = 0;
    if ((info.flags & kHasMemoryMap) != 0) {
        std::uint32_t address = info.map_address;
        while (address < info.map_address + info.map_bytes) {
            const auto &entry = *reinterpret_cast<const MapEntry *>(address);
            if (entry.type == kUsableRam)
                add_range(ranges, count, entry.base, entry.length);
            address += entry.size + sizeof entry.size;
        }
    } else if ((info.flags & kHasMemory) != 0) {
        add_range(ranges, count, kLowest, std::uint64_t{info.memory_upper} * 1024);
    }
    std::string_view command_line;
    if ((info.flags & kHasCommandLine) != 0)
        command_line = reinterpret_cast<const char *>(info.command_line);
    return {ranges.first(count), command_line};
}

} // namespace detour::arch
