// mutexes.hpp - the table of locks by address
#pragma once

#include "kernel/sched/process_table.hpp"

#include <xinu/courses/locks.h>

#include <array>

namespace detour::courses
{

enum class Kind : uint8_t { kFree, kSleeping, kActive, kInheriting };

struct Mutex {
    const void *address;
    Kind kind;
    sid32 sem;
    pid32 owner;    // -1: none
    uint32_t birth; // prbirth of the owner
};

extern std::array<Mutex, NMUTEXES> mutexes;

// The process that holds the lock; nullptr if there is none, or if it has ended.
procent *owner_of(const Mutex &mutex);

// The lock for which a process waits; nullptr if it waits for none.
const Mutex *awaited_by(const procent &process);

// The caller is going to wait for this lock. Prints the processes that then wait for each other in a circle, if any.
void report_deadlock(const Mutex &wanted);

// The caller is going to wait for the lock: its owner, and for whom that waits, get the caller's priority at least.
void lend_priority(const Mutex &wanted);

// The caller has just given up a lock: its priority is its own again, or the highest of those that wait for its other
// locks.
void give_back_priority();

} // namespace detour::courses
