#include "kernel/process/semaphore.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/switch_hold.hpp"

extern "C" {
constinit sentry semtab[detour::kSemaphores]{};
}

namespace detour
{

constinit std::array<ProcessList, kSemaphores> semaphore_queues{};

namespace
{

// Free entries are reused in the order in which they became free, after all entries that have never been used.
constinit std::array<uint16_t, NSEM> freed_ring{};
constinit uint32_t freed_first = 0;
constinit uint32_t freed_count = 0;
constinit sid32 never_used = SYSTEM_SEMAPHORES;

} // namespace

sid32 allocate_semaphore()
{
    if (never_used < NSEM)
        return never_used++;
    if (freed_count == 0)
        return -1;
    const sid32 sem = freed_ring[freed_first];
    freed_first = (freed_first + 1) % NSEM;
    --freed_count;
    return sem;
}

void free_semaphore(sid32 sem)
{
    semtab[sem] = {S_FREE, 0};
    freed_ring[(freed_first + freed_count++) % NSEM] = static_cast<uint16_t>(sem);
}

bool release_waiting(sid32 sem, uint32_t most, bool enabled)
{
    ProcessList &queue = semaphore_queues[static_cast<uint32_t>(sem)];
    if (queue.empty() || most == 0)
        return false;
    const SwitchHold hold; // nothing sees the semaphore between two pieces
    for (uint32_t released = 1; !queue.empty() && released <= most; ++released) {
        make_ready(queue.pop_front(process_links));
        if (released % kReadyAtOnce == 0)
            let_interrupts_in(enabled);
    }
    return true;
}

void stop_waiting(ProcessId pid)
{
    const sid32 sem = process_entry(pid).prsem;
    ++semtab[sem].scount;
    semaphore_queues[static_cast<uint32_t>(sem)].remove(process_links, pid);
}

} // namespace detour
