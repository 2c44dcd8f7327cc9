// sleep.cpp - sleeping, and waking sleepers early
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/detour/detour.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

constexpr int32 kMsecPerSecond = 1000;

} // namespace

// The section lets the linker script mark the function's bounds, as for resched(): send() looks for its frame.
// resched() is called from here and not from a helper, because the two frames must be adjacent.
[[gnu::section(".text.sleepms"), gnu::noinline]] syscall sleepms(int32 msec)
{
    const SleepGuard guard;
    auto *const frame = static_cast<uint32 *>(__builtin_frame_address(0));
    syscall result = OK;
    if (msec < 0) {
        result = SYSERR;
    } else if (msec == 0) {
        yield();
    } else {
        wake_after(current_id(), static_cast<uint32>(msec));
        current_process().prdetour.sleeping = &frame[FRAME_RETURN];
        block_current(PR_SLEEP);
        resched();
        wake_more(guard.enabled_before());
    }
    prepare_sleepms_return(&frame[FRAME_RETURN]);
    return result;
}

syscall sleep(int32 seconds)
{
    if (seconds < 0 || seconds > MAXSECONDS)
        return SYSERR;
    return sleepms(seconds * kMsecPerSecond);
}

syscall unsleep(pid32 pid)
{
    const SystemCallGuard guard;
    if (find_process(pid) == nullptr || !sleep_queue.remove(static_cast<ProcessId>(pid)))
        return SYSERR;
    return OK;
}

void wakeup()
{
    const SystemCallGuard guard;
    if (wake_due())
        resched();
}

uint64 getticks()
{
    return arch::cycle_counter();
}
