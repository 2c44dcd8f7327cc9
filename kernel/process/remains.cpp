#include "kernel/process/remains.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/process/account.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/window.hpp"

namespace detour
{

namespace
{

constinit ProcessList remains{}; // ended processes that still own memory, in the order in which they ended
constinit ProcessList held{};    // ended processes without memory, but whose accounts are still in use

} // namespace

// If this was the last process charged to the account of a process in `held`, that one is queued as if it had just
// ended, and not released here: so a step takes no longer for a deep family.
void leave_no_memory(ProcessId pid)
{
    if (account_of(pid) == 0) {
        free_process(pid);
        return;
    }
    if (!close_pages(pid)) {
        held.push_back(process_links, pid);
        return;
    }
    const ProcessId next = close_entry(pid);
    free_process(pid);
    if (next != kNoProcess) {
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

void leave_remains_for_later(ProcessId pid)
{
    set_state(pid, PR_FREE);
    remains.push_back(process_links, pid);
}

bool release_some_remains()
{
    const ProcessId pid = remains.front();
    if (pid == kNoProcess)
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
