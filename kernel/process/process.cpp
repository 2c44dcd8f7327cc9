#include "kernel/process/process.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/hooks.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/process/file_lock.hpp"
#include "kernel/process/message.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/process/shutdown.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/sched/floating_point.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/stack.hpp"
#include "kernel/sched/switch_hold.hpp"
#include "kernel/sched/window.hpp"

#include <algorithm>
#include <array>

namespace detour
{

namespace
{

// Words of a new stack besides the arguments: STACKMAGIC, the return address, ctxsw's frame.
constexpr uint32_t kFirstFrameWords = 2 + SAVED_WORDS;

constinit ProcessList unfinished{}; // entries of processes that are being created

// By the id of a process: the process that it is creating. A callback that interrupts it can create another, which then
// comes first; the earlier one is stored under the later one's id.
constinit std::array<ProcessId, NPROC> making{};

bool is_charged(const Charging &charging)
{
    return charging.account != 0 || charging.share != nullptr;
}

bool arguments_fit(uint32_t nargs, uint32_t wanted_bytes)
{
    const uint32_t words = stack_pages(wanted_bytes) * (kPageBytes / sizeof(uint32_t));
    return nargs <= words / 2 && nargs + kFirstFrameWords <= words;
}

void copy_name(char (&to)[PNMLEN], const char *from)
{
    for (int i = 0; i < PNMLEN - 1 && from[i] != '\0'; ++i)
        to[i] = from[i]; // the rest of the fresh entry is zero
}

// Allocates and charges a table entry and a stack. Returns kNoProcess, with nothing changed, if any step fails.
ProcessId take_entry_and_stack(const NewProcess &wanted)
{
    const ProcessId pid = allocate_process();
    if (pid == kNoProcess)
        return kNoProcess;
    if (is_charged(wanted.charging) && !open_charge(pid, wanted.charging)) {
        free_process(pid);
        return kNoProcess;
    }
    uint32_t stack_bytes = wanted.stack_bytes;
    const bool allowed = account_of(pid) == 0 || charge_pages(pid, stack_pages(stack_bytes));
    char *const stack = allowed ? allocate_stack(stack_bytes, pid) : nullptr;
    if (stack == nullptr) {
        leave_no_memory(pid);
        return kNoProcess;
    }
    give_stack(pid, stack, stack_bytes);
    return pid;
}

// An entry for the current process's child, which nothing finds yet.
ProcessId new_child(const NewProcess &wanted, bool enabled)
{
    if (!arguments_fit(wanted.nargs, wanted.stack_bytes))
        return kNoProcess;
    const ProcessId pid = attempt_with_remains(enabled, [&] { return take_entry_and_stack(wanted); });
    if (pid == kNoProcess)
        return kNoProcess;
    procent &process = process_entry(pid);
    finish_stack(process.prstkbase, process.prstklen, enabled);
    process.prstklen = (std::max(wanted.stack_bytes, uint32_t{MINSTK}) + 7) & ~7U;
    process.prprio = wanted.priority;
    copy_name(process.prname, wanted.name);
    process.prparent = currpid;
    process.prparentbirth = current_process().prbirth;
    __builtin_memcpy(process.prdesc, current_process().prdesc, sizeof process.prdesc);
    return pid;
}

// From here on it is a process for all others.
void make_known(ProcessId pid)
{
    set_state(pid, PR_SUSP);
    publish_process(pid);
    ++prcount;
}

// Removes a process from whatever queue it is in. The queues themselves decide: a program may have overwritten prstate.
void leave_queues(ProcessId pid)
{
    if (ready_queue.contains(pid))
        ready_queue.remove(process_links, pid);
    else if (is_linked(process_links, pid))
        stop_waiting(pid);
    else
        sleep_queue.remove(pid);
}

// Sends the process's id to its parent, as in Xinu, if that is still the process that created this one.
void notify_parent(ProcessId pid)
{
    const procent &process = process_entry(pid);
    procent *parent = find_process(process.prparent);
    if (parent == nullptr || process.prparent == kNullProcess) // which receives nothing
        return;
    if (parent->prbirth == process.prparentbirth && parent->prhasmsg == FALSE)
        deliver_message(static_cast<ProcessId>(process.prparent), pid);
}

// The process is no longer one for any other.
void withdraw(ProcessId pid)
{
    KASSERT(pid != kNullProcess);
    --prcount;
    if (prcount <= 1)
        all_processes_completed();
    run_hooks(end_hooks, end_hooks_end, pid);
    notify_parent(pid); // before leave_queues(): if prparent was overwritten, this may make pid itself ready
    leave_queues(pid);
    leave_files(pid);
}

// Nothing uses the state of an ended process any more.
void forget(ProcessId pid)
{
    if (is_user_process(pid))
        forget_address_space(pid);
    forget_float(pid);
}

// Releases what an ended process owns.
void reap(ProcessId pid)
{
    forget(pid);
    leave_remains(pid);
}

// Removes the process that `maker` began to create last from the list of the unfinished.
ProcessId finish_making(ProcessId maker)
{
    const ProcessId made = making[maker];
    unfinished.remove(process_links, made);
    making[maker] = making[made];
    making[made] = kNoProcess;
    return made;
}

// A process that ends may have been making others.
void reap_with_unfinished(ProcessId pid)
{
    while (making[pid] != kNoProcess) {
        const ProcessId made = finish_making(pid);
        forget(made);
        leave_remains_for_later(made);
    }
    reap(pid);
}

// Runs on the exit stack, since the process's own is given back here.
[[noreturn]] void finish_exit()
{
    const ProcessId pid = current_id();
    release_switches();
    withdraw(pid);
    reap_with_unfinished(pid);
    resched(); // does not come back: no queue holds this process
    __builtin_unreachable();
}

} // namespace

// At once: no interrupt is taken once there is an entry, so the process need not be listed as unfinished.
ProcessId begin_process(const NewProcess &wanted, bool enabled)
{
    const ProcessId pid = new_child(wanted, enabled);
    if (pid == kNoProcess)
        return kNoProcess;
    procent &process = process_entry(pid);
    process.prstkptr =
        arch::prepare_first_stack(process.prstkbase, wanted.entry, wanted.return_to, wanted.arguments, wanted.nargs);
    make_known(pid);
    return pid;
}

ProcessId prepare_process(const NewProcess &wanted, bool enabled)
{
    const ProcessId pid = new_child(wanted, enabled);
    if (pid == kNoProcess)
        return kNoProcess;
    unfinished.push_back(process_links, pid);
    making[pid] = making[currpid];
    making[currpid] = pid;
    return pid;
}

void admit_process(ProcessId pid)
{
    KASSERT(making[currpid] == pid);
    make_known(finish_making(current_id()));
}

void discard_process(ProcessId pid)
{
    KASSERT(making[currpid] == pid);
    reap(finish_making(current_id()));
}

void end_process(ProcessId pid)
{
    KASSERT(pid != current_id());
    withdraw(pid);
    reap_with_unfinished(pid);
}

void end_current_process()
{
    arch::mask_interrupts();
    abandon_stack(finish_exit);
}

} // namespace detour
