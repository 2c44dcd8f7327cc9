// scheduler.hpp - which process runs
//
// Xinu's rule: at any time the running process has the highest priority of all that could run, and those of equal
// priority take turns. resched() restores the rule after a change; it is the only place that switches.
#pragma once

#include "kernel/base/arch.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/ready_queue.hpp"
#include "kernel/sched/sleep_queue.hpp"

#include <xinu/clock.h>
#include <xinu/process.h>

// Public under this name: course code calls it, and saved stacks show it. Its frame lies between ctxsw's and that of
// the system call that blocked.
extern "C" void resched();

namespace detour
{

extern ReadyQueue ready_queue;
extern SleepQueue sleep_queue;

// prprio, which a program may overwrite, within the priorities of the ready queue; 0 for the null process.
inline uint32_t priority_of(ProcessId pid)
{
    const int32_t priority = process_entry(pid).prprio;
    if (priority < 1) [[unlikely]]
        return pid == kNullProcess ? 0 : 1;
    return static_cast<uint32_t>(priority);
}

// Whether a process is in the ready queue, in a semaphore's, or in the sleep queue. Programs can write prstate; where a
// process is, the queues know.
inline bool is_queued(ProcessId pid)
{
    return is_linked(process_links, pid) || sleep_queue.contains(pid);
}

// How many waiting processes are made ready at a time with interrupts masked: some 700 instructions.
constexpr uint32_t kReadyAtOnce = 16;

// Puts a process on the ready queue. One that is in a queue already stays where it is, and the null process waits
// without one. Does not switch: the caller does, once, with resched().
[[gnu::always_inline]] inline void make_ready(ProcessId pid)
{
    KASSERT(arch::interrupts_masked());
    if (pid == kNullProcess || is_queued(pid))
        return;
    set_state(pid, PR_READY);
    ready_queue.insert(process_links, pid, priority_of(pid));
}

// Takes the running process off the ready queue into the given waiting state; the caller then calls resched() itself,
// so that its own frame stands next to resched's on the saved stack. The running process is always in the ready queue,
// whatever a program wrote to its prstate: only resched() takes that into account.
[[gnu::always_inline]] inline void block_current(uint16 state)
{
    KASSERT(arch::interrupts_masked());
    const ProcessId pid = current_id();
    KASSERT(pid != kNullProcess);
    ready_queue.remove(process_links, pid);
    set_state(pid, state);
}

// Sets a process's priority. It takes effect when the process becomes ready the next time; for the running process, at
// its next resched().
void set_priority(ProcessId pid, pri16 priority);

} // namespace detour
