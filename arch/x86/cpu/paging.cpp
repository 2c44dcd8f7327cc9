#include "arch/x86/cpu/paging.hpp"

#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/cpu/kernel_stacks.hpp"
#include "arch/x86/cpu/page_entries.hpp"
#include "arch/x86/cpu/segments.hpp"
#include "kernel/base/address.hpp"

#include <xinu/prototypes.h>
#include <xinu/userspace.h>

#include <algorithm>
#include <array>

namespace detour::arch
{

namespace
{

constexpr uint32_t kCr0WriteProtect = 1U << 16;
constexpr uint32_t kCr0Paging = 1U << 31;

// The area of the stacks: 16 times as large as the memory, so that each page could be a stack of its own; at most what
// lies above ring 3, but for the highest 64 KiB, so that no end wraps to 0.
constexpr uint32_t kStackArea = USER_END;
constexpr uint32_t kMostStackBytes = 0xFFFF0000 - kStackArea;
constexpr uint32_t kStackAreaFactor = 16;

alignas(kPageBytes) constinit std::array<uint32_t, kEntries> page_directory{};
constinit uint32_t stack_bytes = 0;

uint32_t &entry_of(uint32_t address)
{
    return entry_in_table(page_directory[address / kTableSpan], address);
}

bool has_table(uint32_t address)
{
    return (page_directory[address / kTableSpan] & kPresent) != 0;
}

// Empty page tables for these addresses, from next_table on: their entries follow each other. Returns the first address
// behind them.
uint32_t add_tables(uint32_t begin, uint32_t bytes, uint32_t next_table)
{
    for (uint32_t offset = 0; offset < bytes; offset += kTableSpan, next_table += kPageBytes) {
        page_directory[(begin + offset) / kTableSpan] = next_table | kPresent | kWritable;
        __builtin_memset(reinterpret_cast<void *>(next_table), 0, kPageBytes);
    }
    return next_table;
}

void make_read_only(uint32_t from, uint32_t to)
{
    for (uint32_t page = from; page < to; page += kPageBytes)
        entry_of(page) = page | kPresent;
}

constexpr uint32_t stack_area_bytes(uint32_t top)
{
    return kStackAreaFactor * std::min(top, kMostStackBytes / kStackAreaFactor);
}

constexpr uint32_t tables_for(uint32_t bytes)
{
    return (bytes + kTableSpan - 1) / kTableSpan;
}

void turn_paging_on()
{
    load_directory(kernel_directory());
    uint32_t cr0;
    asm volatile("movl %%cr0, %0" : "=r"(cr0));
    cr0 |= kCr0Paging | kCr0WriteProtect;
    asm volatile("movl %0, %%cr0" : : "r"(cr0) : "memory");
}

} // namespace

uint32_t kernel_directory()
{
    return address_of(page_directory.data());
}

uint32_t page_table_bytes(uint32_t top)
{
    return (1 + tables_for(top) + tables_for(stack_area_bytes(top))) * kPageBytes; // 1: the page that is unmapped
}

uint32_t paging_initialize(uint32_t top, uint32_t first_free)
{
    stack_bytes = stack_area_bytes(top);
    uint32_t next_table = first_free + kPageBytes;
    next_table = add_tables(0, top, next_table);
    next_table = add_tables(kStackArea, stack_bytes, next_table);
    for (uint32_t address = 0; address < top; address += kPageBytes)
        entry_of(address) = address | kPresent | kWritable;
    unmap_page(first_free);
    make_read_only(address_of(&text), address_of(&data));
#ifndef DETOUR_MAP_NULL
    unmap_page(0);
#endif
    unmap_page(address_of(null_stack_guard));
    unmap_page(address_of(exit_stack_guard));
    segments_set_page_directory(kernel_directory());
    turn_paging_on();
    return next_table;
}

bool is_memory(const void *begin, uint32_t bytes)
{
    const uint32_t first = address_of(begin);
    const uint32_t last = first + (bytes - 1);
    if (last < first)
        return false;
    for (uint32_t page = first & ~(kPageBytes - 1); page <= last; page += kPageBytes)
        if (!has_table(page) || (entry_of(page) & kWritable) == 0) // the last page of all has no table
            return false;
    return true;
}

void unmap_page(uint32_t address)
{
    entry_of(address) = 0;
    forget_page(address);
}

StackArea stack_area()
{
    return {kStackArea, stack_bytes};
}

// Beyond the segment's limit every port faults. The CPU remembers nothing of these pages: CR3 was loaded since the last
// look at a port.
void map_ports(const PortMap *ports)
{
    main_task.state.io_map_base = kMainTaskBytes;
    if (ports == nullptr)
        return;
    main_task.state.io_map_base = kPortsOffset;
    for (uint32_t offset = 0; offset < sizeof(PortMap); offset += kPageBytes)
        entry_of(address_of(&main_task.ports) + offset) = (address_of(ports) + offset) | kPresent;
}

// The CPU remembers nothing of a page that was not present (Intel SDM vol. 3, 4.10.2.3).
void map_pages(uint32_t address, uint32_t physical, uint32_t pages)
{
    uint32_t *const entries = &entry_of(address);
    uint32_t entry = physical | kPresent | kWritable;
    for (uint32_t page = 0; page < pages; ++page, entry += kPageBytes)
        entries[page] = entry;
}

void unmap_pages(uint32_t address, uint32_t pages)
{
    uint32_t *const entries = &entry_of(address);
    for (uint32_t page = 0; page < pages; ++page) {
        entries[page] = 0;
        forget_page(address + page * kPageBytes);
    }
}

} // namespace detour::arch
