// window.hpp - what ring-3 processes may see of the process table, without a system call
//
// These pages are mapped read-only into every ring-3 process at USER_WINDOW. They hold nothing else: what is
// put here is public. The kernel never reads it back.
#pragma once

#include "kernel/base/arch.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu/userspace.h>

namespace detour
{

struct Window { // whole pages
    alignas(arch::kPageBytes) windowheader header;
    alignas(arch::kPageBytes) publicentry table[NPROC];
};
static_assert(offsetof(Window, table) == USER_WINDOW_TABLE - USER_WINDOW);

extern Window window;

// Changes prstate, here and in the process table: the only way to change it.
inline void set_state(ProcessId pid, uint16 state)
{
    process_entry(pid).prstate = state;
    window.table[pid].prstate = state;
}

// A process has begun, with name, parent, priority and ring.
void publish_process(ProcessId pid);

// The registrations of a process have changed. Those of ring-0 processes are not shown: they are kernel
// addresses.
void copy_registrations(const procent &process);
inline void publish_registrations(const procent &process)
{
    if (process.prring != 0)
        copy_registrations(process);
}

} // namespace detour
