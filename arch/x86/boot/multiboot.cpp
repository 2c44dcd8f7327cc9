#include "arch/x86/boot/multiboot.hpp"

#include <algorithm>
#include <limits>

namespace detour::arch
{

namespace
{

constexpr uint32_t kLoaderSignature = 0x2BADB002;

constexpr uint32_t kHasMemory = 1U << 0;
constexpr uint32_t kHasCommandLine = 1U << 2;
constexpr uint32_t kHasMemoryMap = 1U << 6;

struct Information {
    uint32_t flags;
    uint32_t memory_lower; // KiB below 1 MiB
    uint32_t memory_upper; // KiB from 1 MiB to the first hole
    uint32_t boot_device;
    uint32_t command_line;
    uint32_t modules[2];
    uint32_t symbols[4];
    uint32_t map_bytes;
    uint32_t map_address;
};

struct [[gnu::packed]] MapEntry {
    uint32_t size; // of what follows
    uint64_t base;
    uint64_t length;
    uint32_t type;
};

constexpr uint32_t kUsableRam = 1;
constexpr uint64_t kLowest = 0x00100000;  // what lies below is left to the PC
constexpr uint64_t kHighest = 0x40000000; // what lies above is not mapped

// The page boundary at or below this address, within the bounds.
uint32_t page_down(uint64_t address)
{
    return static_cast<uint32_t>(std::clamp(address, kLowest, kHighest)) & ~(kPageBytes - 1);
}

// The page boundary at or above.
uint32_t page_up(uint64_t address)
{
    return page_down(std::min(address, kHighest) + kPageBytes - 1);
}

uint64_t end_of(const MapEntry &entry)
{
    return entry.base + std::min(entry.length, std::numeric_limits<uint64_t>::max() - entry.base);
}

template <typename Visit> void for_each_entry(const Information &info, Visit visit)
{
    for (uint32_t address = info.map_address; address < info.map_address + info.map_bytes;) {
        const auto &entry = *reinterpret_cast<const MapEntry *>(address);
        visit(entry);
        address += entry.size + sizeof entry.size;
    }
}

// Whole pages of which all is usable, and nothing reserved.
MemoryRanges read_map(const Information &info)
{
    MemoryRanges memory;
    for_each_entry(info, [&](const MapEntry &entry) {
        if (entry.type == kUsableRam)
            memory.add(page_up(entry.base), page_down(end_of(entry)));
    });
    for_each_entry(info, [&](const MapEntry &entry) {
        if (entry.type != kUsableRam)
            memory.remove(page_down(entry.base), page_up(end_of(entry)));
    });
    return memory;
}

} // namespace

bool is_multiboot(uint32_t signature)
{
    return signature == kLoaderSignature;
}

BootInformation read_multiboot(uint32_t information)
{
    const auto &info = *reinterpret_cast<const Information *>(information);
    BootInformation boot;
    if ((info.flags & kHasMemoryMap) != 0)
        boot.memory = read_map(info);
    else if ((info.flags & kHasMemory) != 0)
        boot.memory.add(page_up(kLowest), page_down(kLowest + uint64_t{info.memory_upper} * 1024));
    if ((info.flags & kHasCommandLine) != 0)
        boot.command_line = reinterpret_cast<const char *>(info.command_line);
    return boot;
}

} // namespace detour::arch
