// lock.cpp - lock(): some terms lock by address, others by descriptor
#include "system/courses/locks.hpp"

#include <xinu/courses.h>

using namespace detour::courses;

// No lock lies at an address as low as a descriptor. The caller of the first form passes one argument; what is read as
// the other two then is not used.
extern "C" [[gnu::weak]] syscall lock(uint32 lock, int32 type, int32 priority)
{
    if (lock < NRWLOCKS)
        return lock_descriptor(static_cast<int32>(lock), type, priority);
    return lock_mutex(reinterpret_cast<lock_t *>(static_cast<uintptr_t>(lock)));
}
