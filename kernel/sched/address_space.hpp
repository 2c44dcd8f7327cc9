// address_space.hpp - with which pages each process runs: the kernel's alone, or those of its own in ring 3
#pragma once

#include "kernel/base/arch.hpp"
#include "kernel/sched/process_table.hpp"

#include <array>

namespace detour
{

// By the id of a process: empty for those of ring 0. What they refer to belongs to the process in the page allocator.
extern std::array<arch::UserRegisters, NPROC> user_registers;

// With this page directory a process can come to run without a change to the CPU: that of the current process, whose
// pages the CPU uses; or, while the floating-point unit is open, kFloatOpen, which no process has.
extern uint32_t loaded_directory;
constexpr uint32_t kFloatOpen = 1;

inline bool is_user_process(ProcessId pid)
{
    return user_registers[pid].directory != 0;
}

// Changes to the address space of this process.
void change_address_space(ProcessId pid);
inline void load_address_space(ProcessId pid)
{
    if (user_registers[pid].directory != loaded_directory) [[unlikely]]
        change_address_space(pid);
}

// The ring-3 process ended. It may be the current one, which then continues in the kernel's own address space. Its
// pages still belong to it in the page allocator.
void forget_address_space(ProcessId pid);

} // namespace detour
