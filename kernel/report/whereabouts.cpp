#include "kernel/report/whereabouts.hpp"

#include "kernel/base/print.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/report/process_report.hpp"
#include "kernel/report/stack_report.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

namespace detour
{

namespace
{

constexpr int kMaxListed = 16;

void print_semaphore(sid32 sem)
{
    switch (sem) {
    case kConsoleInput:
        return print(" for the console's input");
    case kConsoleOutput:
        return print(" for the console to take its output");
    case kDiskDone:
        return print(" for the disk");
    case kFilesFree:
        return print(" for the files");
    default:
        return print(" on semaphore %d", static_cast<int>(sem));
    }
}

void print_state(ProcessId pid)
{
    const procent &process = process_entry(pid);
    print("%d (%s) is %s", pid, process.prname, state_name(process.prstate));
    if (process.prstate == PR_WAIT)
        print_semaphore(process.prsem);
    if (sleep_queue.contains(pid))
        print(", until msec %u", sleep_queue.wake_time(pid));
    print(":\n");
}

} // namespace

void print_whereabouts()
{
    int listed = 0;
    for (ProcessId pid = kNullProcess + 1; pid < NPROC; ++pid) {
        if (process_entry(pid).prstate == PR_FREE || pid == current_id())
            continue;
        if (++listed > kMaxListed) {
            print("... (%d processes in all)\n", static_cast<int>(prcount));
            return;
        }
        print_state(pid);
        print_call_chain_of(pid);
    }
}

} // namespace detour
