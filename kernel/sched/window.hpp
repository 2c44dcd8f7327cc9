// window.hpp - what ring-3 processes may see of the process table, without a system call
//
// These pages are mapped read-only into every ring-3 process at USER_WINDOW. They hold nothing else: what is put here
// is public. Most fields of the header are the kernel's own variables; the rest it never reads back.
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

// Each of these shows what was just written in the process table.
inline void publish_state(ProcessId pid, uint16 state)
{
    window.table[pid].prstate = state;
}
inline void publish_priority(ProcessId pid, pri16 priority)
{
    window.table[pid].prprio = priority;
}
inline void publish_sysenter(bool available)
{
    window.header.has_sysenter = available ? TRUE : FALSE;
}

// A ring-3 process is about to run. Only then can it look, and no other process runs: it sees PR_CURR only for itself,
// and PR_READY for all others that could run.
inline void publish_running(ProcessId pid)
{
    static constinit publicentry *shown = &window.table[0];
    if (shown->prstate == PR_CURR)
        shown->prstate = PR_READY;
    shown = &window.table[pid];
    shown->prstate = PR_CURR;
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
