// locks.hpp - the two meanings of lock()
#pragma once

#include <xinu/courses/locks.h>

namespace detour::courses
{

syscall lock_mutex(lock_t *mutex);                               // in mutexes.cpp
syscall lock_descriptor(int32 lock, int32 type, int32 priority); // in reader_locks.cpp

} // namespace detour::courses
