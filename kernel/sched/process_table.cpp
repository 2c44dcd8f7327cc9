#include "kernel/sched/process_table.hpp"

#include <string_view>

extern "C" {
constinit procent proctab[NPROC]{};
}

namespace detour
{

constinit LinkTable process_links{};

namespace
{

constinit ProcessList free_entries{};
constinit uint32 births = 0; // lives begun so far; tells the lives of one entry apart

} // namespace

void initialize_process_table()
{
    for (ProcessId pid = 1; pid < NPROC; ++pid)
        free_entries.push_back(process_links, pid);

    procent &null = proctab[kNullProcess];
    constexpr std::string_view kName = "prnull";
    kName.copy(null.prname, PNMLEN - 1);
    set_state(kNullProcess, PR_CURR);
    null.prprio = 0;
    currpid = kNullProcess;
    prcount = 1;
    publish_process(kNullProcess);
}

ProcessId allocate_process()
{
    const ProcessId pid = free_entries.pop_front(process_links);
    if (pid != kNoProcess) {
        proctab[pid] = {};
        proctab[pid].prsem = -1;
        proctab[pid].prbirth = ++births;
    }
    return pid;
}

void free_process(ProcessId pid)
{
    set_state(pid, PR_FREE);
    free_entries.push_back(process_links, pid);
}

} // namespace detour
