// semaphore.hpp - waiting and signalling; the calls for processes are in system/semaphore.cpp
#pragma once

#include "kernel/base/process_list.hpp"

#include <xinu/semaphore.h>

namespace detour
{

// Semaphores of the kernel itself follow those of the processes; no call of a process reaches them.
constexpr sid32 kConsoleInput = NSEM;
constexpr sid32 kSemaphores = NSEM + 1;

// The entry of a process's semaphore, or nullptr when there is none under this id.
sentry *find_semaphore(sid32 sem);

// Takes the entry that has been free longest. -1 when all are in use.
sid32 allocate_semaphore();
void free_semaphore(sid32 sem);

// Counts down. False if the caller has to wait: it is then in the semaphore's queue and calls resched().
bool take_or_wait(sid32 sem);

// Counts up by one. True if a process became ready; the caller then calls resched().
bool signal_one(sid32 sem);

// Makes all ready who wait. True if that was anyone.
bool release_all(sid32 sem);

// Takes a process that waits out of its semaphore's queue, as if it had never waited.
void stop_waiting(ProcessId pid);

} // namespace detour
