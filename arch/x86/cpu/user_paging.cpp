// user_paging.cpp - the page tables of ring-3 processes, and the kernel's way into their memory
#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/cpu/cpu_features.hpp"
#include "arch/x86/cpu/page_entries.hpp"
#include "arch/x86/cpu/paging.hpp"
#include "kernel/base/arch.hpp"

#include <xinu/userspace.h>

#include <cstring>

namespace detour::arch
{

namespace
{

uint32_t &directory_entry(uint32_t directory, uint32_t address)
{
    return reinterpret_cast<uint32_t *>(directory)[address / kTableSpan];
}

// Those of the kernel's directory for [begin, end).
void copy_entries(uint32_t directory, uint32_t begin, uint32_t end)
{
    uint32_t *to = &directory_entry(directory, begin);
    const uint32_t *from = &directory_entry(kernel_directory(), begin);
    uint32_t count = (end - begin) / kTableSpan;
    asm volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}

uint32_t &table_entry(uint32_t directory, uint32_t address)
{
    return entry_in_table(directory_entry(directory, address), address);
}

} // namespace

// The kernel's own part, below and above ring 3's, is the same tables in all directories: what changes there later
// (stacks) changes everywhere.
void initialize_directory(uint32_t directory)
{
    copy_entries(directory, 0, USER_BEGIN);
    copy_entries(directory, USER_END, 0);
}

void clear_page(uint32_t page)
{
    uint32_t words = kPageBytes / sizeof(uint32_t);
    asm volatile("rep stosl" : "+D"(page), "+c"(words) : "a"(0) : "memory");
}

bool has_user_table(uint32_t directory, uint32_t address)
{
    return (directory_entry(directory, address) & kPresent) != 0;
}

void add_user_table(uint32_t directory, uint32_t address, uint32_t table)
{
    directory_entry(directory, address) = table | kPresent | kWritable | kUser;
}

void map_user_page(uint32_t directory, uint32_t address, uint32_t page, bool writable)
{
    table_entry(directory, address) = page | kPresent | kUser | (writable ? kWritable : 0);
    forget_page(address);
}

void unmap_user_page(uint32_t directory, uint32_t address)
{
    table_entry(directory, address) = 0;
    forget_page(address);
}

uint32_t user_page(uint32_t directory, uint32_t address, bool writable)
{
    if (address < USER_BEGIN || address >= USER_END || !has_user_table(directory, address))
        return 0;
    const uint32_t entry = table_entry(directory, address);
    const uint32_t wanted = kPresent | kUser | (writable ? kWritable : 0);
    return (entry & wanted) == wanted ? entry & ~(kPageBytes - 1) : 0;
}

// Touching user memory needs AC set on a CPU with SMAP; the instructions that set and clear it exist only there.
void copy_user(void *to, const void *from, uint32_t bytes)
{
    if (has_smap())
        asm volatile("stac" : : : "memory");
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
    if (has_smap())
        asm volatile("clac" : : : "memory");
}

} // namespace detour::arch
