// message_queues.cpp - messages that queue up at their receiver, apart from its mailbox
#include "system/courses/lives.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu.h>
#include <xinu/courses.h>

#include <array>

using namespace detour;
using namespace detour::courses;

namespace
{

struct Queue {
    uint32_t first; // index of the oldest message
    uint32_t count;
    uint32_t wanted; // so many it waits for, in PR_RECV; 0: it does not wait
    std::array<umsg32, MSG_QUEUE_SIZE> messages;
};

constinit PerProcess<Queue> queues{}; // by receiver

umsg32 take(Queue &queue)
{
    const umsg32 message = queue.messages[queue.first];
    queue.first = (queue.first + 1) % MSG_QUEUE_SIZE;
    --queue.count;
    return message;
}

// Blocks until so many messages are there.
Queue &wait_for(uint32_t count)
{
    Queue &mine = queues.of(current_id());
    while (mine.count < count) {
        mine.wanted = count;
        block_current(PR_RECV); // a send() makes it ready too, and it waits on
        resched();
    }
    mine.wanted = 0;
    return mine;
}

} // namespace

extern "C" {

[[gnu::weak]] syscall sendMsg(pid32 pid, umsg32 msg)
{
    const SystemCallGuard guard;
    if (find_process(pid) == nullptr || pid == NULLPROC)
        return SYSERR;
    const auto receiver = static_cast<ProcessId>(pid);
    Queue &queue = queues.of(receiver);
    if (queue.count == MSG_QUEUE_SIZE)
        return SYSERR;
    queue.messages[(queue.first + queue.count++) % MSG_QUEUE_SIZE] = msg;
    if (queue.count == queue.wanted && process_entry(receiver).prstate == PR_RECV) {
        make_ready(receiver);
        resched();
    }
    return OK;
}

[[gnu::weak]] uint32 sendMsgs(pid32 pid, const umsg32 *msgs, uint32 count)
{
    if (isbadpid(pid) || pid == NULLPROC)
        return static_cast<uint32>(SYSERR);
    uint32 sent = 0;
    while (sent < count && sendMsg(pid, msgs[sent]) == OK)
        ++sent;
    return sent;
}

[[gnu::weak]] uint32 sendnMsg(uint32 count, const pid32 *pids, umsg32 msg)
{
    uint32 sent = 0;
    for (uint32 i = 0; i < count; ++i)
        sent += sendMsg(pids[i], msg) == OK ? 1 : 0;
    return sent;
}

[[gnu::weak]] umsg32 receiveMsg()
{
    const SystemCallGuard guard;
    return take(wait_for(1));
}

[[gnu::weak]] syscall receiveMsgs(umsg32 *msgs, uint32 count)
{
    if (count > MSG_QUEUE_SIZE || msgs == nullptr)
        return SYSERR;
    std::array<umsg32, MSG_QUEUE_SIZE> taken; // copied with interrupts enabled: msgs may be a bad pointer
    {
        const DeepSystemCallGuard guard;
        Queue &mine = wait_for(count);
        for (uint32 i = 0; i < count; ++i)
            taken[i] = take(mine);
    }
    for (uint32 i = 0; i < count; ++i)
        msgs[i] = taken[i];
    return OK;
}
}
