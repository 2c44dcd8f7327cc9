// mutex_inheritance.cpp - locks by address: the holder runs at the priority of those that wait
#include "system/courses/lives.hpp"
#include "system/courses/mutexes.hpp"

#include "kernel/base/print.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu/courses/locks.h>

#include <algorithm>

using namespace detour;
using namespace detour::courses;

namespace
{

// The priority that a process has without what it inherited; 0 if it inherited none.
constinit PerProcess<pri16> bases{};

pri16 &base_of(pid32 pid)
{
    return bases.of(static_cast<ProcessId>(pid));
}

void change_priority(pid32 pid, pri16 priority)
{
    print("priority_change=P%d::%d-%d\n", static_cast<int>(pid), proctab[pid].prprio, priority);
    const auto id = static_cast<ProcessId>(pid);
    set_priority(id, priority);
    if (id != current_id() && ready_queue.contains(id)) { // it is ready anew, at this priority
        ready_queue.remove(process_links, id);
        ready_queue.insert(process_links, id, priority_of(id));
    }
}

// The highest priority among those that wait for locks that the caller still holds.
pri16 highest_waiting()
{
    pri16 highest = 0;
    for (const Mutex &mutex : mutexes) {
        if (mutex.kind != Kind::kInheriting || mutex.owner != currpid)
            continue;
        const ProcessList &queue = semaphore_queues[static_cast<uint32_t>(mutex.sem)];
        for (ProcessId pid = queue.front(); pid != kNoProcess; pid = queue.next(process_links, pid))
            highest = std::max(highest, process_entry(pid).prprio);
    }
    return highest;
}

} // namespace

void courses::lend_priority(const Mutex &wanted)
{
    const pri16 priority = current_process().prprio;
    const Mutex *mutex = &wanted;
    for (uint32_t i = 0; i < NMUTEXES && mutex != nullptr; ++i) {
        const procent *const owner = owner_of(*mutex);
        if (owner == nullptr || owner->prprio >= priority)
            return;
        if (base_of(mutex->owner) == 0)
            base_of(mutex->owner) = owner->prprio;
        change_priority(mutex->owner, priority);
        mutex = awaited_by(*owner);
    }
}

void courses::give_back_priority()
{
    pri16 &base = base_of(currpid);
    if (base == 0)
        return;
    const pri16 wanted = std::max(base, highest_waiting());
    if (wanted != current_process().prprio)
        change_priority(currpid, wanted);
    if (wanted == base)
        base = 0;
}
