// paging.hpp - the kernel's page tables: physical memory at its own addresses, and stacks at others
#pragma once

#include "arch/x86/cpu/segments.hpp"
#include "kernel/base/arch.hpp"

namespace detour::arch
{

// What paging_initialize(top, ...) takes.
uint32_t page_table_bytes(uint32_t top);

// Maps [0, top) at its physical addresses, supervisor only: the null page not at all, the kernel's code and constants
// read-only, the guard pages of the kernel's own stacks not at all. All page tables that the kernel will ever have,
// those of the area of the stacks among them, are taken from first_free on, behind a page that is not mapped: a
// program's variables end there. Turns paging on, with write protection for the kernel too. Returns the first address
// behind the page tables.
uint32_t paging_initialize(uint32_t top, uint32_t first_free);

// The directory of all ring-0 processes: the kernel's memory and nothing else.
uint32_t kernel_directory();

// The ports that ring 3 may touch from now on; nullptr: none. The map, of whole pages, is used where it is. It may be
// freed while it is the last one: no port is looked up then.
void map_ports(const PortMap *ports);

// Changes to another address space. The kernel's own part is in all of them. A double fault comes back by a task
// switch, which takes CR3 from the task's state: that must know it, too.
inline void load_directory(uint32_t directory)
{
    main_task.state.cr3 = directory;
    asm volatile("movl %0, %%cr3" : : "r"(directory) : "memory");
}

} // namespace detour::arch
