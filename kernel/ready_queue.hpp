// ready_queue.hpp - the processes that could run now, by priority
#pragma once

#include "kernel/bitmap_index.hpp"
#include "kernel/process_list.hpp"

#include <array>
#include <cstdint>

namespace detour
{

// One list for each priority 1..32767, and the set of the priorities whose list is not empty: the process to
// run next is found in constant time, however many are ready. Equal priorities are served first come, first
// served. All-zero bytes are an empty queue (68 KiB of bss). A change of priority is remove() and insert().
// Every operation expects interrupts disabled and the link table that all process lists share.
class ReadyQueue
{
public:
    static constexpr uint32_t kMaxPriority = BitmapIndex::kKeys - 1;

    bool empty() const { return priorities_.empty(); }

    // The largest priority in the queue; 0, which is below all of them, when the queue is empty.
    uint32_t highest_priority() const { return priorities_.highest().value_or(0); }

    // The process to run next, which stays in the queue; kNobody when it is empty (list 0 is always empty).
    ProcessId front() const { return lists_[highest_priority()].front(); }

    // Puts `pid`, which must be in no list, behind all others of its priority, 1..kMaxPriority.
    void insert(LinkTable &links, ProcessId pid, uint32_t priority)
    {
        KASSERT(priority != 0 && priority <= kMaxPriority);
        lists_[priority].push_back(links, pid);
        priorities_.insert(priority);
    }

    // Takes out `pid`; `priority` must be the one it was inserted with.
    void remove(LinkTable &links, ProcessId pid, uint32_t priority)
    {
        KASSERT(priority != 0 && priorities_.contains(priority));
        lists_[priority].remove(links, pid);
        if (lists_[priority].empty())
            priorities_.erase(priority);
    }

    // Takes out and returns what front() shows; kNobody when the queue is empty.
    ProcessId pop(LinkTable &links)
    {
        const uint32_t priority = highest_priority();
        if (priority == 0)
            return kNobody;
        const ProcessId pid = lists_[priority].front();
        remove(links, pid, priority);
        return pid;
    }

    // Calls visit(pid, priority) for every process in the order in which they would run; `visit` must not
    // change the queue. For listings and tests: its time grows with the number of processes.
    template <typename Visit> void for_each(const LinkTable &links, Visit &&visit) const
    {
        for (auto priority = priorities_.highest(); priority;
             priority = priorities_.highest_below(*priority)) {
            const ProcessList &list = lists_[*priority];
            for (ProcessId pid = list.front(); pid != kNobody; pid = list.next(links, pid))
                visit(pid, *priority);
        }
    }

private:
    BitmapIndex priorities_;
    std::array<ProcessList, kMaxPriority + 1> lists_{};
};

} // namespace detour
