#include "kernel/stuck.hpp"

#include "kernel/clock.hpp"
#include "kernel/interrupt_guard.hpp"
#include "kernel/print.hpp"
#include "kernel/process_table.hpp"
#include "kernel/report.hpp"
#include "kernel/scheduler.hpp"
#include "kernel/semaphore.hpp"

namespace detour
{

namespace
{

constexpr int kMaxListed = 8;

constinit bool reported = false;

bool stuck()
{
    return ready_queue.empty() && sleep_queue.empty() && semtab[kConsoleInput].scount >= 0;
}

void print_waiting(ProcessId pid)
{
    const procent &process = process_entry(pid);
    print("%d (%s) is %s", pid, process.prname, state_name(process.prstate));
    if (process.prstate == PR_WAIT)
        print(" on semaphore %d", static_cast<int>(process.prsem));
}

} // namespace

void report_if_stuck()
{
    const InterruptGuard guard;
    if (reported || !stuck())
        return;
    reported = true;
    print("\nAll processes wait, and nothing will wake them: ");
    int listed = 0;
    for (ProcessId pid = kNullProcess + 1; pid < NPROC && listed < kMaxListed; ++pid) {
        if (process_entry(pid).prstate == PR_FREE)
            continue;
        print(listed++ == 0 ? "" : "; ");
        print_waiting(pid);
    }
    print(prcount - 1 > listed ? "; ...\n" : "\n");
}

} // namespace detour
