// multiboot.hpp - what the boot loader tells (Multiboot Specification 0.6.96, chapter 3)
#pragma once

#include <cstdint>
#include <string_view>

#include "kernel/memory/memory_ranges.hpp"

namespace detour::arch
{

struct BootInformation {
    MemoryRanges memory;           // usable RAM from 1 MiB to 1 GiB
    std::string_view command_line; // valid until paging is on and memory is given out
};

// True if signature is the one that a multiboot 1 loader leaves in EAX.
bool is_multiboot(uint32_t signature);

// Reads the loader's information. There is no memory in the result if the loader gave no memory map. The map need not
// be sorted, and its ranges may overlap: what any of them reserves is not usable.
BootInformation read_multiboot(uint32_t information);

} // namespace detour::arch
