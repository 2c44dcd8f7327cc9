// paging.hpp - the kernel's page tables: physical memory at its own addresses
#pragma once

#include "kernel/arch.hpp"

namespace detour::arch
{

// Maps [0, top) at its physical addresses, supervisor only: the null page not at all, the kernel's code and
// constants read-only, the guard pages of the kernel's own stacks not at all. Page tables are taken from
// first_free on. Turns paging on, with write protection for the kernel too. Returns the first address behind
// the page tables.
std::uint32_t paging_initialize(std::uint32_t top, std::uint32_t first_free);

} // namespace detour::arch
