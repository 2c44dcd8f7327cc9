#include "kernel/report/deadlock.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/print.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/report/whereabouts.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/switch_hold.hpp"

namespace detour
{

namespace
{

constinit bool reported = false;

bool stuck()
{
    return ready_queue.empty() && sleep_queue.empty() && semtab[kConsoleInput].scount >= 0 &&
           semtab[kConsoleOutput].scount >= 0 && semtab[kDiskDone].scount >= 0 && !arch::has_program_handlers();
}

} // namespace

void report_if_stuck()
{
    const InterruptGuard guard;
    if (reported || !stuck())
        return;
    reported = true;
    const SwitchHold hold(true); // a character may come in meanwhile, but its reader does not run
    print("\nAll processes wait, and nothing will wake them:\n");
    print_whereabouts();
}

} // namespace detour
