// page_entries.hpp - page directory and page table entries (Intel SDM vol. 3, tables 4-5 and 4-6)
#pragma once

#include "kernel/base/arch.hpp"

namespace detour::arch
{

constexpr uint32_t kPresent = 1U << 0;
constexpr uint32_t kWritable = 1U << 1;
constexpr uint32_t kUser = 1U << 2; // ring 3 may use it

constexpr uint32_t kEntries = 1024;
constexpr uint32_t kTableSpan = kEntries * kPageBytes; // what one page table maps

// The entry for an address in the table to which this directory entry points.
inline uint32_t &entry_in_table(uint32_t directory_entry, uint32_t address)
{
    auto *const table = reinterpret_cast<uint32_t *>(directory_entry & ~(kPageBytes - 1));
    return table[address / kPageBytes % kEntries];
}

} // namespace detour::arch
