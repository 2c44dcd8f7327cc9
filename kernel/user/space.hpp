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

// What a ring-3 process is beyond a process with an address space. All its pages, and the tables that map
// them, belong to it in the page allocator, so its end gives back every one.
struct UserSpace {
    const Program *program = nullptr;
    AddressRange code{0, 0}; // its executable segment
    uint32_t heap_begin = 0; // the heap lies in [heap_begin, heap_end)
    uint32_t heap_end = 0;
    uint32_t capabilities = 0; // CAP_...
};

extern std::array<UserSpace, NPROC> user_spaces;

// Gives a process pages of its own: the program's segments, a stack, the window, the return page. False when
// memory runs out, or its account does not allow it; its end then gives back what there is. `enabled`:
// interrupts may come in between pages.
bool build_user_space(ProcessId pid, const Program &program, const Executable &executable, bool enabled);

// The physical address of the stack's highest page, where the arguments of main() go.
uint32_t highest_stack_page(ProcessId pid);

// Moves the end of the current process's heap. Returns where it was; 0, with nothing changed, if that is out
// of bounds, memory runs out, or its account does not allow it. What is new is zero.
uint32_t move_heap_end(int32_t increment);

// Lets ring 3 touch ports [first, first + count) or not, for the current process. False, and nothing changed,
// if there are no such ports, or no memory.
bool permit_ports(uint32_t first, uint32_t count, bool on);

} // namespace detour
