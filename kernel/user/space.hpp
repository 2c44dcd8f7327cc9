// space.hpp - the private memory of ring-3 processes; <xinu/userspace.h> has the map
#pragma once

#include "kernel/base/process_list.hpp"
#include "kernel/image/elf.hpp"
#include "kernel/user/program.hpp"

#include <xinu/config.h>

#include <array>
#include <cstdint>

namespace detour
{

// The state of a ring-3 process beyond its process table entry and address space. All its pages, and the tables that
// map them, belong to it in the page allocator, so its end releases every one.
struct UserSpace {
    const Program *program = nullptr;
    AddressRange code{0, 0}; // its executable segment
    uint32_t heap_begin = 0; // the heap lies in [heap_begin, heap_end)
    uint32_t heap_end = 0;
    uint32_t capabilities = 0; // CAP_...
};

extern std::array<UserSpace, NPROC> user_spaces;

// Gives a process its own address space: the program's segments, a stack, the window, the return page. Returns false if
// memory runs out, or its account does not allow it; ending the process then releases the pages allocated so far.
// `enabled`: interrupts may be taken between pages.
bool build_user_space(ProcessId pid, const Program &program, const Executable &executable, bool enabled);

// The physical address of the stack's highest page, which holds the arguments of main().
uint32_t highest_stack_page(ProcessId pid);

// Moves the end of the current process's heap by `increment` bytes. Returns the old end; 0, with nothing changed, if
// the new end is out of bounds, memory runs out, or its account does not allow it. New memory is zero.
uint32_t move_heap_end(int32_t increment);

// Permits or forbids the current process to use I/O ports [first, first + count) in ring 3. Returns false, with nothing
// changed, if there are no such ports, or no memory.
bool permit_ports(uint32_t first, uint32_t count, bool on);

} // namespace detour
