#include "kernel/process/message.hpp"

#include "kernel/detour/detour.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

namespace detour
{

bool deliver_message(ProcessId pid, umsg32 message)
{
    procent &receiver = process_entry(pid);
    KASSERT(receiver.prhasmsg == FALSE);
    receiver.prmsg = message;
    receiver.prhasmsg = TRUE;
    if (receiver.prstate == PR_RECTIM)
        sleep_queue.remove(pid);
    else if (receiver.prstate != PR_RECV) {
        message_arrived(pid);
        return false;
    }
    make_ready(pid);
    return true;
}

} // namespace detour
