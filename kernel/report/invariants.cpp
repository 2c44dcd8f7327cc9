#include "kernel/report/invariants.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/process/account.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/stack.hpp"

namespace detour
{

namespace
{

// What is counted on the way through the process table, to be compared with the queues.
struct Counts {
    int32 used = 0;
    uint32_t current = 0;
    uint32_t ready = 0;
    uint32_t timed = 0;
    uint32_t waiting = 0;
};

bool is_running(const procent &entry)
{
    return entry.prstate == PR_CURR || entry.prstate == PR_DEFER;
}

bool has_place_of_its_state(ProcessId pid, const procent &entry)
{
    const bool linked = is_linked(process_links, pid);
    const bool ready = ready_queue.contains(pid);
    const bool timed = sleep_queue.contains(pid);
    switch (entry.prstate) {
    case PR_CURR: // at the front of its list
    case PR_DEFER:
    case PR_READY:
        return ready && linked && !timed;
    case PR_FREE:
    case PR_WAIT:
        return linked && !ready && !timed;
    case PR_SLEEP: // in no queue after unsleep()
    case PR_RECTIM:
    case PR_SEND: // with a timeout, or without
        return !linked && !ready;
    default:
        return !linked && !ready && !timed;
    }
}

bool detour_fields_agree(const procent &entry)
{
    const detourstate &state = entry.prdetour;
    return entry.pretype == entry.pralarmreg + 2 * entry.prmsgreg && (state.arrived == 0 || entry.prmsgreg != 0) &&
           (state.slot == nullptr || state.original != 0);
}

void count(ProcessId pid, const procent &entry, Counts &counts)
{
    ++counts.used;
    counts.current += is_running(entry) ? 1 : 0;
    counts.ready += entry.prstate == PR_READY ? 1 : 0;
    counts.timed += sleep_queue.contains(pid) ? 1 : 0;
    counts.waiting += entry.prstate == PR_WAIT ? 1 : 0;
}

const char *broken_in_entry(ProcessId pid)
{
    const procent &entry = process_entry(pid);
    if (pid != kNullProcess && !has_place_of_its_state(pid, entry))
        return "a process is in a queue that does not fit its state, or in none";
    if (entry.prstate == PR_FREE)
        return nullptr;
    if (!has_stack_mark(entry))
        return "a stack has lost its STACKMAGIC";
    return detour_fields_agree(entry) ? nullptr : "the fields of a process's callbacks contradict each other";
}

uint32_t processes_waiting()
{
    uint32_t waiting = 0;
    for (sid32 sem = 0; sem < kSemaphores; ++sem)
        waiting += semtab[sem].scount < 0 ? static_cast<uint32_t>(-semtab[sem].scount) : 0;
    return waiting;
}

// Does not compare prprio: a value that a program writes there takes effect when the process is next queued.
bool ready_queue_agrees(uint32_t expected)
{
    uint32_t found = 0;
    bool agrees = true;
    ready_queue.for_each(process_links, [&](ProcessId pid, uint32_t priority) {
        ++found;
        const procent &entry = process_entry(pid);
        agrees &= pid == current_id() ? is_running(entry) : entry.prstate == PR_READY;
        agrees &= ready_queue.priority_of(pid) == priority;
    });
    return agrees && found == expected;
}

} // namespace

const char *broken_process_invariant()
{
    Counts counts;
    for (ProcessId pid = 0; pid < NPROC; ++pid) {
        if (const char *broken = broken_in_entry(pid))
            return broken;
        if (process_entry(pid).prstate != PR_FREE)
            count(pid, process_entry(pid), counts);
    }
    if (counts.used != prcount)
        return "prcount is not the number of processes";
    if (counts.current != 1 || !is_running(current_process()))
        return "currpid is not the one current process";
    if (!ready_queue_agrees(counts.ready + counts.current - 1)) // the null process is one of these, and in no queue
        return "the ready queue does not hold the ready processes";
    if (sleep_queue.size() != counts.timed)
        return "the sleep queue does not hold the sleeping processes";
    return processes_waiting() == counts.waiting ? nullptr
                                                 : "the semaphores' counts are not the number of waiting processes";
}

const char *broken_memory_invariant()
{
    if (!page_allocator.check())
        return "the table of page frames contradicts itself";
    if (!stack_places.check())
        return "the table of the stacks' addresses contradicts itself";
    return broken_account_invariant();
}

} // namespace detour
