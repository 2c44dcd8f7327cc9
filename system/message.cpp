// message.cpp - one-word messages
//
// The three that receive are weak: images in which senders wait have others, which let those go on
// (system/courses/senders.cpp).
#include "kernel/process/message.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

umsg32 take_message()
{
    procent &process = current_process();
    process.prhasmsg = FALSE;
    return process.prmsg;
}

} // namespace

syscall send(pid32 pid, umsg32 msg)
{
    const DeepSystemCallGuard guard;
    const procent *receiver = find_process(pid);
    if (receiver == nullptr || receiver->prhasmsg != FALSE)
        return SYSERR;
    if (deliver_message(static_cast<ProcessId>(pid), msg))
        resched();
    return OK;
}

[[gnu::weak]] umsg32 receive()
{
    const SystemCallGuard guard;
    if (current_process().prhasmsg == FALSE) {
        block_current(PR_RECV);
        resched();
    }
    return take_message();
}

[[gnu::weak]] umsg32 recvclr()
{
    const SystemCallGuard guard;
    return current_process().prhasmsg == FALSE ? static_cast<umsg32>(OK) : take_message();
}

[[gnu::weak]] umsg32 recvtime(int32 maxwait)
{
    const SleepGuard guard;
    if (maxwait < 0)
        return static_cast<umsg32>(SYSERR);
    if (current_process().prhasmsg == FALSE) {
        wake_after(current_id(), static_cast<uint32>(maxwait));
        block_current(PR_RECTIM);
        resched();
        wake_more(guard.enabled_before());
    }
    return current_process().prhasmsg == FALSE ? static_cast<umsg32>(TIMEOUT) : take_message();
}
