// process.cpp - calls that control a process after create()
#include "kernel/process/process.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

// The process with this id if it may be suspended, ended and so on: any but the null process.
procent *find_ordinary_process(pid32 pid)
{
    return pid == NULLPROC ? nullptr : find_process(pid);
}

// The same, if it is in no queue.
procent *find_unqueued_process(pid32 pid)
{
    procent *process = find_ordinary_process(pid);
    return process == nullptr || is_queued(static_cast<ProcessId>(pid)) ? nullptr : process;
}

} // namespace

pri16 resume(pid32 pid)
{
    const SystemCallGuard guard;
    const procent *process = find_unqueued_process(pid);
    if (process == nullptr || process->prstate != PR_SUSP)
        return SYSERR;
    const pri16 priority = process->prprio;
    make_ready(static_cast<ProcessId>(pid));
    resched();
    return priority;
}

syscall suspend(pid32 pid)
{
    const SystemCallGuard guard;
    const procent *process = find_ordinary_process(pid);
    if (process == nullptr || (pid != currpid && !ready_queue.contains(static_cast<ProcessId>(pid))))
        return SYSERR;
    const pri16 priority = process->prprio;
    if (pid == currpid) {
        block_current(PR_SUSP);
        resched();
    } else {
        ready_queue.remove(process_links, static_cast<ProcessId>(pid));
        set_state(static_cast<ProcessId>(pid), PR_SUSP);
    }
    return priority;
}

syscall kill(pid32 pid)
{
    const DeepSystemCallGuard guard;
    if (find_ordinary_process(pid) == nullptr)
        return SYSERR;
    if (pid == currpid)
        end_current_process();
    end_process(static_cast<ProcessId>(pid));
    resched(); // the parent may be ready now
    return OK;
}

void exit(int) noexcept
{
    const SystemCallGuard guard;
    end_current_process();
}

pid32 getpid()
{
    return currpid;
}

syscall getprio(pid32 pid)
{
    const SystemCallGuard guard;
    const procent *process = find_process(pid);
    return process == nullptr ? SYSERR : process->prprio;
}

pri16 chprio(pid32 pid, pri16 newprio)
{
    const SystemCallGuard guard;
    const procent *process = find_ordinary_process(pid);
    if (process == nullptr || newprio < 0)
        return SYSERR;
    const pri16 old = process->prprio;
    set_priority(static_cast<ProcessId>(pid), newprio);
    return old;
}

syscall yield()
{
    resched(); // checks the stack and masks interrupts itself
    return OK;
}

status ready(pid32 pid)
{
    const SystemCallGuard guard;
    if (find_unqueued_process(pid) == nullptr || pid == currpid)
        return SYSERR;
    make_ready(static_cast<ProcessId>(pid));
    resched();
    return OK;
}
