// reader_locks.cpp - locks for readers and writers, with priorities of waiting
#include "system/courses/locks.hpp"

#include "kernel/base/hooks.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu.h>
#include <xinu/courses.h>

#include <algorithm>
#include <array>

using namespace detour;

namespace
{

constexpr uint32_t kWriterFirst =
    400; // msec that a reader may have waited longer than a writer, which still comes first

struct Lock {
    bool used;
    bool writing;
    uint32_t readers;
    ProcessList waiting; // in the order in which they came
};

struct Waiter {
    int32 lock;
    int32 type;
    int32 priority;
    uint32_t since; // clkcountermsec
    syscall result;
};

constinit std::array<Lock, NRWLOCKS> locks{};
constinit std::array<Waiter, NPROC> waiters{};
constinit std::array<uint64_t, NPROC> held{}; // by process: a bit for each lock
static_assert(NRWLOCKS <= 64);
constinit LinkTable links{};

Lock *find_lock(int32 id)
{
    return id < 0 || id >= NRWLOCKS || !locks[static_cast<uint32_t>(id)].used ? nullptr
                                                                              : &locks[static_cast<uint32_t>(id)];
}

uint64_t bit_of(int32 id)
{
    return uint64_t{1} << id;
}

template <typename Visit> void for_each_waiting(const Lock &lock, Visit &&visit)
{
    for (ProcessId pid = lock.waiting.front(); pid != kNoProcess; pid = lock.waiting.next(links, pid))
        visit(pid, waiters[pid]);
}

// The highest priority of a waiting writer; false if there is none.
bool find_writer_priority(const Lock &lock, int32 &priority)
{
    bool found = false;
    for_each_waiting(lock, [&](ProcessId, const Waiter &waiter) {
        if (waiter.type == WRITE && (!found || waiter.priority > priority)) {
            priority = waiter.priority;
            found = true;
        }
    });
    return found;
}

// A reader passes by waiting writers of a lower priority.
bool reader_may_enter(const Lock &lock, int32 priority)
{
    int32 writer = 0;
    return !lock.writing && (!find_writer_priority(lock, writer) || writer < priority);
}

bool is_free(const Lock &lock)
{
    return !lock.writing && lock.readers == 0;
}

void grant(Lock &lock, int32 id, int32 type, ProcessId pid)
{
    (type == WRITE) ? static_cast<void>(lock.writing = true) : static_cast<void>(++lock.readers);
    held[pid] |= bit_of(id);
}

// Whether one that waits comes before another, which came earlier.
bool comes_before(const Waiter &later, const Waiter &earlier)
{
    if (later.priority != earlier.priority)
        return later.priority > earlier.priority;
    return later.type == WRITE && earlier.type == READ && later.since - earlier.since <= kWriterFirst;
}

ProcessId first_waiting(const Lock &lock)
{
    ProcessId first = lock.waiting.front();
    for_each_waiting(lock, [&](ProcessId pid, const Waiter &waiter) {
        if (comes_before(waiter, waiters[first]))
            first = pid;
    });
    return first;
}

void release_waiter(Lock &lock, ProcessId pid, syscall result)
{
    lock.waiting.remove(links, pid);
    waiters[pid].result = result;
    make_ready(pid);
}

// The lock is free: the first of those that wait gets it; with a reader, all others come in that may.
void admit(Lock &lock, int32 id)
{
    ProcessId pid = first_waiting(lock);
    while (pid != kNoProcess) {
        const int32 type = waiters[pid].type;
        grant(lock, id, type, pid);
        release_waiter(lock, pid, OK);
        if (type == WRITE)
            return;
        pid = kNoProcess;
        for_each_waiting(lock, [&](ProcessId other, const Waiter &waiter) {
            if (pid == kNoProcess && waiter.type == READ && reader_may_enter(lock, waiter.priority))
                pid = other;
        });
    }
}

// A process gives up a lock that it holds. Does not switch.
void release(int32 id, ProcessId pid)
{
    Lock &lock = locks[static_cast<uint32_t>(id)];
    held[pid] &= ~bit_of(id);
    if (lock.writing)
        lock.writing = false;
    else
        --lock.readers;
    if (is_free(lock))
        admit(lock, id);
}

void forget_process(ProcessId ending)
{
    if (is_linked(links, ending))
        locks[static_cast<uint32_t>(waiters[ending].lock)].waiting.remove(links, ending);
    for (int32 id = 0; held[ending] != 0; ++id) {
        if ((held[ending] & bit_of(id)) != 0)
            release(id, ending);
    }
}

DETOUR_HOOK(end, forget_process);

syscall wait_for(Lock &lock, int32 id, int32 type, int32 priority)
{
    const ProcessId pid = current_id();
    waiters[pid] = {id, type, priority, clkcountermsec, SYSERR};
    lock.waiting.push_back(links, pid);
    do {
        block_current(PR_LOCK);
        resched();
    } while (is_linked(links, pid)); // ready() by another process
    return waiters[pid].result;
}

} // namespace

syscall courses::lock_descriptor(int32 id, int32 type, int32 priority)
{
    const DeepSystemCallGuard guard;
    Lock *const lock = find_lock(id);
    if (lock == nullptr || (type != READ && type != WRITE) || (held[current_id()] & bit_of(id)) != 0)
        return SYSERR;
    if (is_free(*lock) || (type == READ && reader_may_enter(*lock, priority))) {
        grant(*lock, id, type, current_id());
        return OK;
    }
    return wait_for(*lock, id, type, priority);
}

extern "C" {

[[gnu::weak]] int32 lcreate()
{
    const SystemCallGuard guard;
    const auto free = std::find_if(locks.begin(), locks.end(), [](const Lock &lock) { return !lock.used; });
    if (free == locks.end())
        return SYSERR;
    *free = {true, false, 0, {}};
    return static_cast<int32>(free - locks.begin());
}

[[gnu::weak]] syscall ldelete(int32 id)
{
    const DeepSystemCallGuard guard;
    Lock *const lock = find_lock(id);
    if (lock == nullptr)
        return SYSERR;
    lock->used = false;
    for (uint64_t &process : held)
        process &= ~bit_of(id);
    {
        const SwitchHold hold; // none of them sees the lock before all are out of it
        for (uint32_t released = 1; !lock->waiting.empty(); ++released) {
            release_waiter(*lock, lock->waiting.front(), DELETED);
            if (released % kReadyAtOnce == 0)
                let_interrupts_in(guard.enabled_before());
        }
    }
    resched();
    return OK;
}

[[gnu::weak]] syscall releaseall(int32 count, ...)
{
    const DeepSystemCallGuard guard;
    syscall result = OK;
    va_list ids;
    va_start(ids, count);
    for (int32 i = 0; i < count; ++i) {
        const int32 id = va_arg(ids, int32);
        if (find_lock(id) != nullptr && (held[current_id()] & bit_of(id)) != 0)
            release(id, current_id());
        else
            result = SYSERR;
    }
    va_end(ids);
    resched();
    return result;
}
}
