// defer.cpp - deferring switches, for processes
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

constinit uint32 deferring = 0; // the process that Defer is about: its prbirth

// What an earlier process left, which blocked or ended before DEFER_STOP, counts no longer.
status start_deferring()
{
    procent &process = current_process();
    if (process.prstate != PR_DEFER)
        Defer = {};
    deferring = process.prbirth;
    process.prstate = PR_DEFER;
    ++Defer.ndefers;
    return OK;
}

status stop_deferring()
{
    if (Defer.ndefers <= 0 || deferring != current_process().prbirth)
        return SYSERR;
    if (--Defer.ndefers > 0)
        return OK;
    current_process().prstate = PR_CURR;
    if (Defer.attempt != FALSE)
        resched();
    return OK;
}

} // namespace

status resched_cntl(int32 defer)
{
    const SystemCallGuard guard;
    switch (defer) {
    case DEFER_START:
        return start_deferring();
    case DEFER_STOP:
        return stop_deferring();
    default:
        return SYSERR;
    }
}

status sched_cntl(int32 defer)
{
    return resched_cntl(defer);
}
