// message.hpp - delivery of a message
#pragma once

#include "kernel/detour/detour.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu/types.h>

namespace detour
{

// Puts a message into a process's empty mailbox and makes the process ready if it is blocked waiting for one. Otherwise
// raises a message event. Returns whether the process became ready; the caller then calls resched().
[[gnu::always_inline]] inline bool deliver_message(ProcessId pid, umsg32 message)
{
    procent &receiver = process_entry(pid);
    KASSERT(receiver.prhasmsg == FALSE);
    receiver.prmsg = message;
    receiver.prhasmsg = TRUE;
    if (receiver.prstate != PR_RECV) {
        if (receiver.prstate != PR_RECTIM) {
            if (receiver.prmsgreg != 0)
                message_arrived(pid);
            return false;
        }
        sleep_queue.remove(pid);
    }
    make_ready(pid);
    return true;
}

} // namespace detour
