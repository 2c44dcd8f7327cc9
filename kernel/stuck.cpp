#include "kernel/stuck.hpp"

#include "kernel/clock.hpp"
#include "kernel/interrupt_guard.hpp"
#include "kernel/print.hpp"
#include "kernel/scheduler.hpp"
#include "kernel/semaphore.hpp"
#include "kernel/whereabouts.hpp"

namespace detour
{

namespace
{

constinit bool reported = false;

bool stuck()
{
    return ready_queue.empty() && sleep_queue.empty() && semtab[kConsoleInput].scount >= 0;
}

} // namespace

void report_if_stuck()
{
    const InterruptGuard guard;
    if (reported || !stuck())
        return;
    reported = true;
    print("\nAll processes wait, and nothing will wake them:\n");
    print_whereabouts();
}

} // namespace detour
