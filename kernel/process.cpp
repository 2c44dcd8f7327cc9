#include "kernel/process.hpp"

#include "kernel/clock.hpp"
#include "kernel/floating_point.hpp"
#include "kernel/memory.hpp"
#include "kernel/message.hpp"
#include "kernel/process_table.hpp"
#include "kernel/scheduler.hpp"
#include "kernel/semaphore.hpp"
#include "kernel/shutdown.hpp"
#include "kernel/stack_check.hpp"
#include "kernel/user_space.hpp"
#include "kernel/window.hpp"

namespace detour
{

namespace
{

// Words of a new stack besides the arguments: STACKMAGIC, the return address, ctxsw's frame.
constexpr uint32_t kFirstFrameWords = 2 + 11;

bool arguments_fit(uint32_t nargs, uint32_t stack_bytes)
{
    return nargs <= stack_bytes / sizeof(uint32_t) / 2 &&
           nargs + kFirstFrameWords <= stack_bytes / sizeof(uint32_t);
}

void copy_name(char (&to)[PNMLEN], const char *from)
{
    for (int i = 0; i < PNMLEN - 1 && from[i] != '\0'; ++i)
        to[i] = from[i]; // the rest of the fresh entry is zero
}

// Takes a process out of whatever queue it is in. The queues themselves say which; prstate may have been
// written by a program.
void leave_queues(ProcessId pid)
{
    if (ready_queue.contains(pid))
        ready_queue.remove(process_links, pid);
    else if (is_linked(process_links, pid))
        stop_waiting(pid);
    else
        sleep_queue.remove(pid);
}

// The parent learns of the end by a message, as in Xinu, if it is still the process that created this one.
void tell_parent(ProcessId pid)
{
    const procent &process = process_entry(pid);
    procent *parent = find_process(process.prparent);
    if (parent != nullptr && parent->prbirth == process.prparentbirth && parent->prhasmsg == FALSE)
        deliver_message(static_cast<ProcessId>(process.prparent), pid);
}

void take_leave(ProcessId pid)
{
    KASSERT(pid != kNullProcess);
    window.header.count = --prcount;
    if (prcount <= 1)
        all_processes_completed();
    tell_parent(pid); // which may be itself, where prparent was written, and become ready
    leave_queues(pid);
}

void bury(ProcessId pid)
{
    if (is_user_process(pid))
        release_user_space(pid);
    forget_float(pid);
    release_memory_of(pid);
    free_process(pid);
}

// Runs on the exit stack, since the process's own is given back here.
[[noreturn]] void leave_for_ever()
{
    const ProcessId pid = current_id();
    take_leave(pid);
    bury(pid);
    resched(); // does not come back: no queue holds this process
    __builtin_unreachable();
}

} // namespace

ProcessId begin_process(const NewProcess &wanted)
{
    const ProcessId pid = allocate_process();
    if (pid == kNobody)
        return kNobody;
    uint32_t stack_bytes = wanted.stack_bytes;
    char *const stack = allocate_stack(stack_bytes, pid);
    if (stack == nullptr || !arguments_fit(wanted.nargs, stack_bytes)) {
        bury(pid);
        return kNobody;
    }
    procent &process = process_entry(pid);
    set_state(pid, PR_SUSP);
    process.prprio = wanted.priority;
    process.prstkbase = stack;
    process.prstklen = stack_bytes;
    original_stacks[pid] = {reinterpret_cast<uintptr_t>(stack),
                            static_cast<uint32_t>(stack_bytes - sizeof(uint32_t))};
    copy_name(process.prname, wanted.name);
    process.prparent = currpid;
    process.prparentbirth = current_process().prbirth;
    process.prstkptr =
        arch::prepare_first_stack(stack, wanted.entry, wanted.return_to, wanted.arguments, wanted.nargs);
    publish_process(pid);
    window.header.count = ++prcount;
    return pid;
}

void discard_process(ProcessId pid)
{
    window.header.count = --prcount;
    bury(pid);
}

void end_process(ProcessId pid)
{
    KASSERT(pid != current_id());
    take_leave(pid);
    bury(pid);
}

void end_current_process()
{
    arch::mask_interrupts();
    abandon_stack(leave_for_ever);
}

} // namespace detour
