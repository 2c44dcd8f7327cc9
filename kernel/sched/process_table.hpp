// process_table.hpp - the one array of processes, behind a typed and checked accessor
#pragma once

#include "kernel/base/process_entry.h"
#include "kernel/base/process_list.hpp"
#include "kernel/sched/window.hpp"

#include <xinu/process.h>

namespace detour
{

constexpr ProcessId kNullProcess = NULLPROC;

// The links of every list of processes: the ready queue, the semaphores' queues, the free entries.
extern LinkTable process_links;

// The entry of a process, or nullptr when pid is no process: out of range, or free.
inline procent *find_process(pid32 pid)
{
    return isbadpid(pid) ? nullptr : &proctab[pid];
}

inline procent &process_entry(ProcessId pid)
{
    return proctab[pid];
}

// The same entry, whose address the compiler keeps in a register instead of computing it again for each use.
inline procent &keep_address(procent &process)
{
    procent *pointer = &process;
    asm("" : "+r"(pointer));
    return *pointer;
}

// Changes prstate, here and in the window: the only way to change it.
inline void set_state(ProcessId pid, uint16 state)
{
    proctab[pid].prstate = state;
    publish_state(pid, state);
}

inline ProcessId current_id()
{
    return static_cast<ProcessId>(currpid);
}
inline procent &current_process()
{
    return proctab[currpid];
}

// A stack has whole pages. prstklen is what was asked for, as in Xinu.
inline uint32_t stack_bytes(const procent &process)
{
    return (process.prstklen + kPageBytes - 1) & ~(kPageBytes - 1);
}

// The lowest address of a process's stack; the page below it, its guard page, is not mapped.
inline uint32_t stack_low(const procent &process)
{
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(process.prstkbase)) + sizeof(uint32_t) -
           stack_bytes(process);
}

// Makes all entries free but the null process's, which is running. It has no stack there yet.
void initialize_process_table();

// Takes the entry that was freed first, and sets all its fields to their initial values; its state is still PR_FREE.
// kNoProcess when the table is full.
ProcessId allocate_process();

// Makes an entry free.
void free_process(ProcessId pid);

} // namespace detour
