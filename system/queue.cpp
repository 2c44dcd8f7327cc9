// queue.cpp - Xinu's queues of processes, for programs, and a view of what is ready
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu.h>

#include <array>

static_assert(NQENT <= 32767, "an index of queuetab is a qid16");

extern "C" {
constinit qentry queuetab[NQENT]{};
}

using namespace detour;

namespace
{

constexpr qid16 kView = NPROC; // the first queue
constexpr int32 kFirstOwn = kView + 2;

constinit int32 next_queue = kFirstOwn;

// By process: the queue of a program that it is in, or 0. Also that of a process which has ended meanwhile.
constinit std::array<qid16, NPROC> queue_of{};

void make_empty(qid16 queue)
{
    queuetab[queuehead(queue)] = {MAXKEY, static_cast<qid16>(queuetail(queue)), EMPTY};
    queuetab[queuetail(queue)] = {MINKEY, EMPTY, queuehead(queue)};
}

bool is_own_queue(qid16 queue)
{
    return queue >= kFirstOwn && queue < next_queue && !isbadqid(queue);
}

bool is_index(qid16 index)
{
    return index >= 0 && index < NQENT;
}

// The table is the program's, which may have written anything into it.
bool is_linked_both_ways(qid16 pid)
{
    const qentry &entry = queuetab[pid];
    return is_index(entry.qnext) && is_index(entry.qprev) && queuetab[entry.qprev].qnext == pid &&
           queuetab[entry.qnext].qprev == pid;
}

void unlink(pid32 pid)
{
    const auto index = static_cast<qid16>(pid);
    if (is_linked_both_ways(index)) {
        queuetab[queuetab[index].qprev].qnext = queuetab[index].qnext;
        queuetab[queuetab[index].qnext].qprev = queuetab[index].qprev;
    }
    queuetab[index].qnext = queuetab[index].qprev = EMPTY;
    queue_of[static_cast<uint32>(pid)] = 0;
}

bool may_join(pid32 pid, qid16 queue)
{
    return is_own_queue(queue) && pid != NULLPROC && find_process(pid) != nullptr;
}

// Before the entry `next` of this queue.
void link_before(qid16 next, pid32 pid, qid16 queue, int32 key)
{
    const auto index = static_cast<qid16>(pid);
    const qid16 prev = queuetab[next].qprev;
    queuetab[index] = {key, next, prev};
    queuetab[next].qprev = index;
    if (is_index(prev))
        queuetab[prev].qnext = index;
    queue_of[static_cast<uint32>(pid)] = queue;
}

void leave(pid32 pid)
{
    if (queue_of[static_cast<uint32>(pid)] != 0)
        unlink(pid);
}

// The first entry for which `stops` is true, or the tail; at most all processes are before it.
template <typename Stops> qid16 find_place(qid16 queue, Stops &&stops)
{
    qid16 next = firstid(queue);
    for (int32 seen = 0; seen < NPROC && next >= 0 && next < NPROC && !stops(queuetab[next]); ++seen)
        next = queuetab[next].qnext;
    return next >= 0 && next < NPROC ? next : static_cast<qid16>(queuetail(queue));
}

pid32 take(qid16 queue, bool first)
{
    const InterruptGuard guard;
    if (!is_own_queue(queue))
        return SYSERR;
    const qid16 pid = first ? firstid(queue) : lastid(queue);
    if (pid < 0 || pid >= NPROC || queue_of[static_cast<uint32>(pid)] != queue)
        return EMPTY;
    unlink(pid);
    return pid;
}

void append_to_view(ProcessId pid, uint32 priority)
{
    const qid16 tail = queuetail(kView), last = lastid(kView);
    const auto index = static_cast<qid16>(pid);
    queuetab[pid] = {static_cast<int32>(priority), tail, last};
    queuetab[last].qnext = queuetab[tail].qprev = index;
}

} // namespace

qid16 xinu_readylist()
{
    const DeepSystemCallGuard guard;
    const SwitchHold hold; // interrupts may add processes to the queue, which the walk either meets or not
    make_empty(kView);
    ready_queue.for_each(process_links, [enabled = guard.enabled_before()](ProcessId pid, uint32 priority) {
        if (pid != current_id() && queue_of[pid] == 0)
            append_to_view(pid, priority);
        let_interrupts_in(enabled);
    });
    if (current_id() != kNullProcess)
        append_to_view(kNullProcess, 0);
    return kView;
}

qid16 newqueue()
{
    const InterruptGuard guard;
    if (next_queue >= NQENT)
        return SYSERR;
    const auto queue = static_cast<qid16>(next_queue);
    next_queue += 2;
    make_empty(queue);
    return queue;
}

pid32 enqueue(pid32 pid, qid16 queue)
{
    const InterruptGuard guard;
    if (!may_join(pid, queue))
        return SYSERR;
    leave(pid);
    link_before(queuetail(queue), pid, queue, queuetab[pid].qkey);
    return pid;
}

status insert(pid32 pid, qid16 queue, int32 key)
{
    const InterruptGuard guard;
    if (!may_join(pid, queue))
        return SYSERR;
    leave(pid);
    link_before(find_place(queue, [key](const qentry &entry) { return entry.qkey < key; }), pid, queue, key);
    return OK;
}

status insertd(pid32 pid, qid16 queue, int32 delta)
{
    const InterruptGuard guard;
    if (!may_join(pid, queue))
        return SYSERR;
    leave(pid);
    const qid16 next = find_place(queue, [&delta](const qentry &entry) {
        if (entry.qkey > delta)
            return true;
        delta -= entry.qkey;
        return false;
    });
    link_before(next, pid, queue, delta);
    if (next != queuetail(queue))
        queuetab[next].qkey -= delta;
    return OK;
}

pid32 getfirst(qid16 queue)
{
    return take(queue, true);
}

pid32 getlast(qid16 queue)
{
    return take(queue, false);
}

extern "C" [[gnu::alias("getfirst")]] pid32 dequeue(qid16 queue);

pid32 getitem(pid32 pid)
{
    const InterruptGuard guard;
    if (isbadpid(pid) || queue_of[static_cast<uint32>(pid)] == 0)
        return SYSERR;
    unlink(pid);
    return pid;
}
