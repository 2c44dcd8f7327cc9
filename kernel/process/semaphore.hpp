// semaphore.hpp - the semaphore operations; the system calls are in system/semaphore.cpp
#pragma once

#include "kernel/base/process_list.hpp"

#include <xinu/semaphore.h>

namespace detour
{

// The kernel's own semaphores follow those of the processes; no system call reaches them.
constexpr sid32 kConsoleInput = NSEM;
constexpr sid32 kSemaphores = NSEM + 1;

// The entry of a process's semaphore, or nullptr if no semaphore has this id.
sentry *find_semaphore(sid32 sem);

// Allocates the entry that has been free longest. Returns -1 if all are in use.
sid32 allocate_semaphore();
void free_semaphore(sid32 sem);

// Decrements the count. Returns false if the caller has to wait: it is then in the semaphore's queue and calls
// resched().
bool take_or_wait(sid32 sem);

// Increments the count. Returns true if a process became ready; the caller then calls resched().
bool signal_one(sid32 sem);

// Makes all waiting processes ready. Returns true if there was any.
bool release_all(sid32 sem);

// Removes a waiting process from its semaphore's queue, as if it had never waited.
void stop_waiting(ProcessId pid);

} // namespace detour
