// mutexes.cpp - locks in the program's memory: spinning, sleeping, finding deadlocks, inheriting priorities
//
// A lock's address is entered in a table when it is initialized; what the kernel relies on stands there. A lock is a
// semaphore of count 1, whose queue is that of the waiting processes: who waits for which lock is known by the
// semaphore that it waits for.
#include "system/courses/locks.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/print.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>
#include <xinu/courses.h>

#include <algorithm>
#include <array>

using namespace detour;

namespace
{

enum class Kind : uint8_t { kFree, kSpinning, kSleeping, kActive, kInheriting };

struct Mutex {
    const void *address;
    Kind kind;
    sid32 sem;
    pid32 owner; // -1: none
    uint32_t birth;
};

constexpr uint32_t kMutexes = NMUTEXES;
constinit std::array<Mutex, kMutexes> mutexes{};

// The priority that a process has without what it inherited.
struct Base {
    uint32_t birth;
    pri16 priority;
};
constinit std::array<Base, NPROC> bases{};

Mutex *find_mutex(const void *address, Kind kind)
{
    const auto found = std::find_if(mutexes.begin(), mutexes.end(),
                                    [&](const Mutex &mutex) { return mutex.kind == kind && mutex.address == address; });
    return found == mutexes.end() ? nullptr : &*found;
}

// Enters a lock, or finds the entry of an earlier one at this address, which nobody holds then.
bool enter(const void *address, Kind kind)
{
    const SystemCallGuard guard;
    Mutex *const known = find_mutex(address, kind);
    Mutex *const mutex = known != nullptr ? known : find_mutex(nullptr, Kind::kFree);
    if (mutex == nullptr || address == nullptr)
        return false;
    if (known == nullptr) {
        const sid32 sem = semcreate(1);
        if (sem == SYSERR)
            return false;
        *mutex = {address, kind, sem, -1, 0};
    } else if (semcount(known->sem) < 0) {
        return false; // processes wait for it
    } else {
        semreset(known->sem, 1);
    }
    mutex->owner = -1;
    return true;
}

// The process that holds the lock; nullptr if there is none, or if it has ended.
procent *owner_of(const Mutex &mutex)
{
    procent *const process = find_process(mutex.owner);
    return process != nullptr && process->prbirth == mutex.birth ? process : nullptr;
}

// The lock for which a process waits; nullptr if it waits for none.
const Mutex *awaited_by(const procent &process)
{
    if (process.prstate != PR_WAIT)
        return nullptr;
    const auto found = std::find_if(mutexes.begin(), mutexes.end(), [&](const Mutex &mutex) {
        return mutex.kind != Kind::kFree && mutex.sem == process.prsem;
    });
    return found == mutexes.end() ? nullptr : &*found;
}

// ---- deadlock ----

using Chain = std::array<pid32, kMutexes + 1>;

// The processes that wait for each other in a circle, if the caller waits for this lock: itself first. Returns how
// many.
uint32_t find_circle(const Mutex &wanted, Chain &chain)
{
    uint32_t count = 0;
    chain[count++] = currpid;
    for (const Mutex *mutex = &wanted; mutex != nullptr && count <= kMutexes;) {
        const procent *const owner = owner_of(*mutex);
        if (owner == nullptr)
            return 0;
        if (mutex->owner == currpid)
            return count;
        chain[count++] = mutex->owner;
        mutex = awaited_by(*owner);
    }
    return 0;
}

void report_deadlock(const Mutex &wanted)
{
    Chain chain;
    const uint32_t count = find_circle(wanted, chain);
    if (count < 2)
        return;
    std::sort(chain.begin(), chain.begin() + count);
    print("lock_detected=");
    for (uint32_t i = 0; i < count; ++i)
        print(i == 0 ? "P%d" : "-P%d", static_cast<int>(chain[i]));
    print("\n");
}

// ---- inheritance ----

Base &base_of(pid32 pid)
{
    Base &base = bases[pid];
    if (base.birth != proctab[pid].prbirth)
        base = {proctab[pid].prbirth, 0};
    return base;
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

// The caller is going to wait for the lock: its owner, and for whom that waits, get the caller's priority at least.
void lend_priority(const Mutex &wanted)
{
    const pri16 priority = current_process().prprio;
    const Mutex *mutex = &wanted;
    for (uint32_t i = 0; i < kMutexes && mutex != nullptr; ++i) {
        const procent *const owner = owner_of(*mutex);
        if (owner == nullptr || owner->prprio >= priority)
            return;
        if (base_of(mutex->owner).priority == 0)
            base_of(mutex->owner).priority = owner->prprio;
        change_priority(mutex->owner, priority);
        mutex = awaited_by(*owner);
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

// The caller has just given up a lock.
void give_back_priority()
{
    Base &base = base_of(currpid);
    if (base.priority == 0)
        return;
    const pri16 wanted = std::max(base.priority, highest_waiting());
    if (wanted != current_process().prprio)
        change_priority(currpid, wanted);
    if (wanted == base.priority)
        base.priority = 0;
}

// ---- what all but the spinning ones have in common ----

void take(Mutex &mutex, lock_t *lock)
{
    mutex.owner = lock->owner = currpid;
    mutex.birth = current_process().prbirth;
    lock->flag = 1;
}

syscall lock_as(lock_t *lock, Kind kind)
{
    const DeepSystemCallGuard guard;
    Mutex *const mutex = find_mutex(lock, kind);
    if (mutex == nullptr)
        return SYSERR;
    if (semcount(mutex->sem) <= 0) {
        if (kind == Kind::kActive)
            report_deadlock(*mutex);
        if (kind == Kind::kInheriting)
            lend_priority(*mutex);
    }
    wait(mutex->sem);
    take(*mutex, lock);
    return OK;
}

syscall unlock_as(lock_t *lock, Kind kind)
{
    const DeepSystemCallGuard guard;
    Mutex *const mutex = find_mutex(lock, kind);
    if (mutex == nullptr || mutex->owner != currpid)
        return SYSERR;
    mutex->owner = lock->owner = -1;
    lock->flag = 0;
    if (kind == Kind::kInheriting)
        give_back_priority();
    return signal(mutex->sem);
}

syscall initialize(lock_t *lock, Kind kind)
{
    if (!enter(lock, kind))
        return SYSERR;
    lock->flag = lock->guard = 0;
    lock->owner = -1;
    return OK;
}

} // namespace

syscall courses::lock_mutex(lock_t *mutex)
{
    return lock_as(mutex, Kind::kSleeping);
}

extern "C" {

[[gnu::weak]] uint32 test_and_set(uint32 *word, uint32 value)
{
    return __atomic_exchange_n(word, value, __ATOMIC_SEQ_CST);
}

[[gnu::weak]] syscall sl_initlock(sl_lock_t *lock)
{
    if (lock == nullptr)
        return SYSERR;
    lock->flag = 0;
    return OK;
}

[[gnu::weak]] syscall sl_lock(sl_lock_t *lock)
{
    while (lock != nullptr && test_and_set(&lock->flag, 1) != 0) {
    }
    return lock == nullptr ? SYSERR : OK;
}

[[gnu::weak]] syscall sl_unlock(sl_lock_t *lock)
{
    if (lock == nullptr || lock->flag == 0)
        return SYSERR;
    lock->flag = 0;
    return OK;
}

[[gnu::weak]] syscall initlock(lock_t *lock)
{
    return initialize(lock, Kind::kSleeping);
}

[[gnu::weak]] syscall unlock(lock_t *lock)
{
    return unlock_as(lock, Kind::kSleeping);
}

[[gnu::weak]] syscall al_initlock(al_lock_t *lock)
{
    return initialize(lock, Kind::kActive);
}

[[gnu::weak]] syscall al_lock(al_lock_t *lock)
{
    return lock_as(lock, Kind::kActive);
}

[[gnu::weak]] syscall al_unlock(al_lock_t *lock)
{
    return unlock_as(lock, Kind::kActive);
}

[[gnu::weak]] bool8 al_trylock(al_lock_t *lock)
{
    const DeepSystemCallGuard guard;
    Mutex *const mutex = find_mutex(lock, Kind::kActive);
    if (mutex == nullptr || semcount(mutex->sem) <= 0)
        return FALSE;
    wait(mutex->sem);
    take(*mutex, lock);
    return TRUE;
}

[[gnu::weak]] syscall pi_initlock(pi_lock_t *lock)
{
    return initialize(lock, Kind::kInheriting);
}

[[gnu::weak]] syscall pi_lock(pi_lock_t *lock)
{
    return lock_as(lock, Kind::kInheriting);
}

[[gnu::weak]] syscall pi_unlock(pi_lock_t *lock)
{
    return unlock_as(lock, Kind::kInheriting);
}
}
