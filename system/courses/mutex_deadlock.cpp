// mutex_deadlock.cpp - locks by address: processes that wait for each other
#include "system/courses/mutexes.hpp"

#include "kernel/base/print.hpp"

#include <xinu/courses/locks.h>

#include <algorithm>
#include <array>

using namespace detour;
using namespace detour::courses;

namespace
{

using Chain = std::array<pid32, NMUTEXES + 1>;

// The processes that wait for each other in a circle, if the caller waits for this lock: itself first. Returns how
// many.
uint32_t find_circle(const Mutex &wanted, Chain &chain)
{
    uint32_t count = 0;
    chain[count++] = currpid;
    for (const Mutex *mutex = &wanted; mutex != nullptr && count <= NMUTEXES;) {
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

} // namespace

void courses::report_deadlock(const Mutex &wanted)
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
