// multiboot.hpp - what the boot loader tells (Multiboot Specification 0.6.96, chapter 3)
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "kernel/arch.hpp"

namespace detour::arch
{

struct BootInformation {
    std::span<MemoryRange> memory; // usable RAM, page aligned, from 1 MiB to 1 GiB; room for kMaxRanges
    std::string_view command_line; // valid until paging is on and memory is given out
};

constexpr std::size_t kMaxRanges = 16;

// True if signature is the one that a multiboot 1 loader leaves in EAX.
bool is_multiboot(std::uint32_t signature);

// Reads the loader's information into ranges. The result's memory is empty if the loader gave no memory map.
BootInformation read_multiboot(std::uint32_t information, std::span<MemoryRange, kMaxRanges> ranges);

} // namespace detour::arch
