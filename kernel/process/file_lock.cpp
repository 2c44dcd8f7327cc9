#include "kernel/process/file_lock.hpp"

#include "kernel/process/semaphore.hpp"
#include "kernel/sched/scheduler.hpp"

namespace detour
{

namespace
{

constinit bool locked = false;
constinit ProcessId owner = kNoProcess; // while locked

} // namespace

// The count of the semaphore is 0, or minus the number of those that wait.
void lock_files()
{
    if (locked) {
        take_or_wait(kFilesFree);
        resched(); // by the time it returns, this process is the owner
        return;
    }
    locked = true;
    owner = current_id();
}

bool unlock_files()
{
    const ProcessList &waiting = semaphore_queues[kFilesFree];
    locked = !waiting.empty();
    owner = waiting.front();
    return locked && signal_one(kFilesFree);
}

void leave_files(ProcessId pid)
{
    if (locked && owner == pid)
        unlock_files();
}

} // namespace detour
