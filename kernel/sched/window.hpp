// window.hpp - what ring-3 processes may see of the process table, without a system call
//
// These pages are mapped read-only into every ring-3 process at USER_WINDOW. They hold nothing else: what is put here
// is public. The kernel never reads it back.
#pragma once

#include "kernel/base/arch.hpp"
#include "kernel/base/process_list.hpp"

#include <xinu/process.h>
#include <xinu/userspace.h>

namespace detour
{

struct Window { // whole pages
    alignas(kPageBytes) windowheader header;
    alignas(kPageBytes) publicentry table[NPROC];
};
static_assert(offsetof(Window, table) == USER_WINDOW_TABLE - USER_WINDOW);

extern Window window;

// Each of these shows what was just written in the kernel's own variables.
inline void publish_state(ProcessId pid, uint16 state)
{
    window.table[pid].prstate = state;
}
inline void publish_priority(ProcessId pid, pri16 priority)
{
    window.table[pid].prprio = priority;
}
inline void publish_current(ProcessId pid)
{
    window.header.current = pid;
}
inline void publish_count(int32 count)
{
    window.header.count = count;
}
inline void publish_msec(uint32 msec)
{
    window.header.msec = msec;
}
inline void publish_seconds(uint32 seconds)
{
    window.header.seconds = seconds;
}
inline void publish_sysenter(bool available)
{
    window.header.has_sysenter = available ? TRUE : FALSE;
}

// A process begins, with name, parent, priority and ring.
void publish_process(ProcessId pid);

// The registrations of a process changed. Those of ring-0 processes are not shown: they are kernel addresses.
void copy_registrations(const procent &process);
inline void publish_registrations(const procent &process)
{
    if (process.prring != 0)
        copy_registrations(process);
}

} // namespace detour
