// semaphore.hpp - the semaphore operations; the system calls are in system/semaphore.cpp
#pragma once

#include "kernel/sched/scheduler.hpp"

#include <xinu/semaphore.h>

#include <array>

namespace detour
{

// The kernel's own semaphores follow those of the processes; no system call reaches them.
constexpr sid32 kConsoleInput = NSEM;
constexpr sid32 kConsoleOutput = NSEM + 1;
constexpr sid32 kDiskDone = NSEM + 2;
constexpr sid32 kFilesFree = NSEM + 3;
constexpr sid32 kSemaphores = NSEM + 4;

// The processes that wait, by semaphore.
extern std::array<ProcessList, kSemaphores> semaphore_queues;

// The entry of a process's semaphore, or nullptr if no semaphore has this id.
inline sentry *find_semaphore(sid32 sem)
{
    return isbadsem(sem) || semtab[sem].sstate == S_FREE ? nullptr : &semtab[sem];
}

// Allocates the entry that has been free longest. Returns -1 if all are in use.
sid32 allocate_semaphore();
void free_semaphore(sid32 sem);

// Decrements the count. Returns false if the caller has to wait: it is then in the semaphore's queue and calls
// resched().
[[gnu::always_inline]] inline bool take_or_wait(sid32 sem)
{
    if (--semtab[sem].scount >= 0)
        return true;
    block_current(PR_WAIT);
    current_process().prsem = sem;
    semaphore_queues[static_cast<uint32_t>(sem)].push_back(process_links, current_id());
    return false;
}

// Increments the count. Returns true if a process became ready; the caller then calls resched().
[[gnu::always_inline]] inline bool signal_one(sid32 sem)
{
    if (semtab[sem].scount++ >= 0)
        return false;
    make_ready(semaphore_queues[static_cast<uint32_t>(sem)].pop_front(process_links));
    return true;
}

// Makes up to `most` waiting processes ready, the first first; the caller has set the count. `enabled`: interrupts may
// be taken meanwhile, but none of them runs before the end. Returns true if there was any.
bool release_waiting(sid32 sem, uint32_t most, bool enabled);

// Removes a waiting process from its semaphore's queue, as if it had never waited.
void stop_waiting(ProcessId pid);

} // namespace detour
