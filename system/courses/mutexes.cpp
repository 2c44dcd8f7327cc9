// mutexes.cpp - locks in the program's memory: spinning, sleeping, finding deadlocks, inheriting priorities
//
// A lock's address is entered in a table when it is initialized; what the kernel relies on stands there. A lock is a
// semaphore of count 1, whose queue is that of the waiting processes: who waits for which lock is known by the
// semaphore that it waits for.
#include "system/courses/mutexes.hpp"
#include "system/courses/locks.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>
#include <xinu/courses.h>

#include <algorithm>

using namespace detour;
using namespace detour::courses;

constinit std::array<Mutex, NMUTEXES> courses::mutexes{};

namespace
{

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

// What all but the spinning ones have in common.
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

// The process that holds the lock; nullptr if there is none, or if it has ended.
procent *courses::owner_of(const Mutex &mutex)
{
    procent *const process = find_process(mutex.owner);
    return process != nullptr && process->prbirth == mutex.birth ? process : nullptr;
}

// The lock for which a process waits; nullptr if it waits for none.
const Mutex *courses::awaited_by(const procent &process)
{
    if (process.prstate != PR_WAIT)
        return nullptr;
    const auto found = std::find_if(mutexes.begin(), mutexes.end(), [&](const Mutex &mutex) {
        return mutex.kind != Kind::kFree && mutex.sem == process.prsem;
    });
    return found == mutexes.end() ? nullptr : &*found;
}

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
