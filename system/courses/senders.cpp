// senders.cpp - a send that blocks while the receiver's mailbox is full
//
// Senders wait in the order in which they came. A receive() has to let the next one go on: so in images with this file
// receive(), recvclr() and recvtime() are those below, which replace the kernel's own.
//
// Each step takes constant time. When a receiver ends, only its first sender is made ready; each of them passes that on
// to the next one. The table entry of the receiver may be in use again by then, and have senders of its own: they wait
// behind these.
#include "system/courses/lives.hpp"

#include "kernel/base/hooks.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/process/message.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu.h>
#include <xinu/courses.h>

#include <array>

using namespace detour;
using namespace detour::courses;

namespace
{

// A process that waits to send, or has just been made ready.
struct Sender {
    Life receiver;
    umsg32 message;
    syscall result; // of its call
    bool passes_on; // the receiver has ended: it makes the next one ready
};

constinit std::array<Sender, NPROC> senders{};     // by sender
constinit std::array<ProcessList, NPROC> queues{}; // by receiver
constinit LinkTable links{};

// Where the sender waits, or has waited.
ProcessList &queue_of(const Sender &sender)
{
    return queues[static_cast<uint32_t>(sender.receiver.pid)];
}

// Takes the first sender out of the queue, which is not empty, and makes it ready with this result.
void release_first(ProcessId receiver, syscall result)
{
    const ProcessId first = queues[receiver].pop_front(links);
    senders[first].result = result;
    senders[first].passes_on = result == SYSERR;
    sleep_queue.remove(first);
    make_ready(first);
}

// Lets the next sender go on, if there is one and nothing keeps it from going. Returns whether it did; the caller then
// calls resched().
bool advance(ProcessId receiver)
{
    if (queues[receiver].empty())
        return false;
    const Sender &first = senders[queues[receiver].front()];
    if (!first.receiver.goes_on()) {
        release_first(receiver, SYSERR);
        return true;
    }
    if (process_entry(receiver).prhasmsg != FALSE)
        return false;
    deliver_message(receiver, first.message);
    release_first(receiver, OK);
    return true;
}

void forget_process(ProcessId ending)
{
    Sender &sender = senders[ending];
    if (is_linked(links, ending)) {
        queue_of(sender).remove(links, ending);
    } else if (sender.passes_on) {
        sender.passes_on = false;
        advance(static_cast<ProcessId>(sender.receiver.pid));
    }
    if (!queues[ending].empty())
        release_first(ending, SYSERR);
}

DETOUR_HOOK(end, forget_process);

// The caller is in a queue. Returns whether it is still there, because its time is over.
bool wait_in_queue(uint32_t maxwait, bool enabled)
{
    const ProcessId pid = current_id();
    do {
        if (maxwait != 0)
            wake_after(pid, maxwait);
        block_current(PR_SEND);
        resched();
    } while (maxwait == 0 && is_linked(links, pid)); // ready() by another process
    if (maxwait != 0)
        wake_more(enabled);
    return is_linked(links, pid);
}

// maxwait: msec, or 0.
syscall wait_and_send(ProcessId receiver, umsg32 message, uint32_t maxwait, bool enabled)
{
    const ProcessId pid = current_id();
    senders[pid] = {life_of(static_cast<pid32>(receiver)), message, SYSERR, false};
    queues[receiver].push_back(links, pid);
    if (wait_in_queue(maxwait, enabled)) {
        queues[receiver].remove(links, pid);
        return TIMEOUT;
    }
    if (senders[pid].passes_on) {
        senders[pid].passes_on = false;
        if (advance(receiver))
            resched();
    }
    return senders[pid].result;
}

// Whether the caller may wait for the receiver: a process in ring 3 has its own receive(), and nobody waits for itself.
bool may_wait_for(pid32 receiver)
{
    return receiver != currpid && receiver != NULLPROC && proctab[receiver].prring == 0;
}

// Takes the message, which is there.
umsg32 take_message()
{
    procent &process = current_process();
    const umsg32 message = process.prmsg;
    process.prhasmsg = FALSE;
    if (advance(current_id()))
        resched();
    return message;
}

} // namespace

extern "C" {

[[gnu::weak]] syscall sendbt(pid32 pid, umsg32 msg, int32 maxwait)
{
    const DeepSystemCallGuard guard;
    const procent *const receiver = find_process(pid);
    if (receiver == nullptr || maxwait < 0)
        return SYSERR;
    if (receiver->prhasmsg != FALSE) {
        return !may_wait_for(pid) ? SYSERR
                                  : wait_and_send(static_cast<ProcessId>(pid), msg, static_cast<uint32_t>(maxwait),
                                                  guard.enabled_before());
    }
    if (deliver_message(static_cast<ProcessId>(pid), msg))
        resched();
    return OK;
}

[[gnu::weak]] syscall sendb(pid32 pid, umsg32 msg)
{
    return sendbt(pid, msg, 0);
}

[[gnu::weak]] syscall sendblk(pid32 pid, umsg32 msg)
{
    return sendbt(pid, msg, 0);
}

[[gnu::weak]] syscall bsend(pid32 pid, umsg32 msg)
{
    return sendbt(pid, msg, 0);
}

// ---- in place of those in system/message.cpp ----

umsg32 receive()
{
    const DeepSystemCallGuard guard;
    if (current_process().prhasmsg == FALSE) {
        block_current(PR_RECV);
        resched();
    }
    return take_message();
}

umsg32 recvclr()
{
    const DeepSystemCallGuard guard;
    return current_process().prhasmsg == FALSE ? static_cast<umsg32>(OK) : take_message();
}

umsg32 recvtime(int32 maxwait)
{
    const DeepSystemCallGuard guard;
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

[[gnu::weak]] umsg32 receiveb()
{
    return receive();
}
}
