#include "kernel/process/remains.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/process/account.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/window.hpp"

namespace detour
{

namespace
{

constinit ProcessList remains{}; // the process that ended first is the first
constinit ProcessList held{};    // entries of those that have nothing left, but whose accounts are in use

} // namespace

// If this was the last process whose account kept another's entry, that one's turn comes like that of a
// process that has just ended: a family of any depth takes no longer at a time.
void leave_no_memory(ProcessId pid)
{
    if (!close_pages(pid)) {
        held.push_back(process_links, pid);
        return;
    }
    const ProcessId next = close_entry(pid);
    free_process(pid);
    if (next != kNobody) {
        held.remove(process_links, next);
        remains.push_back(process_links, next);
    }
}

void leave_remains(ProcessId pid)
{
    set_state(pid, PR_FREE);
    if (release_some_memory_of(pid))
        leave_no_memory(pid);
    else
        remains.push_back(process_links, pid);
}

bool release_some_remains()
{
    const ProcessId pid = remains.front();
    if (pid == kNobody)
        return false;
    if (release_some_memory_of(pid)) {
        remains.remove(process_links, pid);
        leave_no_memory(pid);
    }
    return true;
}

void release_remains(bool enabled)
{
    while (release_some_remains())
        let_interrupts_in(enabled);
}

} // namespace detour
