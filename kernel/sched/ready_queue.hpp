// ready_queue.hpp - the processes that could run now, by priority
#pragma once

#include "kernel/base/bitmap_index.hpp"
#include "kernel/base/process_list.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace detour
{

// One list for each priority 1..32767, and the set of the priorities whose list is not empty: the process to run next
// is found in constant time, however many are ready. Equal priorities are served first come, first served.
//
// The running process stays in the queue, at the front of its list. So front() is always the process that should run,
// and yielding is one step around a ring. The queue itself remembers at which priority it holds a process; what the
// process table says may be overwritten by a program since. All-zero bytes are an empty queue (68 KiB of bss, and 2
// bytes a process), whose front is the null process. A change of priority is remove() and insert(). Every operation
// expects interrupts masked and the link table that all process lists share.
class ReadyQueue
{
public:
    static constexpr uint32_t kMaxPriority = BitmapIndex::kKeys - 1;

    bool empty() const { return highest_ == 0; }

    // The largest priority in the queue; 0, which is below all of them, when the queue is empty.
    uint32_t highest_priority() const { return highest_; }

    // The process that should run; kNoProcess when the queue is empty (list 0 is always empty).
    ProcessId front() const { return lists_[highest_].front(); }

    bool contains(ProcessId pid) const { return priority_of_[pid] != 0; }

    // While the null process, which is in no list, defers its switches, it counts as one that is: resched() asks
    // contains() first, so that a process that blocks does not pay for this.
    void count_null_process(bool on) { priority_of_[kNoProcess] = on ? kNoList : 0; }

    // The priority at which `pid` is in the queue; 0 when it is not.
    uint32_t priority_of(ProcessId pid) const { return priority_of_[pid]; }

    // Puts `pid`, which must be in no list, behind all others of its priority, 1..kMaxPriority.
    [[gnu::always_inline]] void insert(LinkTable &links, ProcessId pid, uint32_t priority)
    {
        KASSERT(priority != 0 && priority <= kMaxPriority);
        priority_of_[pid] = static_cast<uint16_t>(priority);
        if (lists_[priority].push_back(links, pid))
            add(priority);
    }

    // Puts `pid`, which must be in no list, before all others of its priority.
    void insert_first(LinkTable &links, ProcessId pid, uint32_t priority)
    {
        KASSERT(priority != 0 && priority <= kMaxPriority);
        priority_of_[pid] = static_cast<uint16_t>(priority);
        if (lists_[priority].push_front(links, pid))
            add(priority);
    }

    // Moves `pid`, the first of its priority, behind the others. Does nothing for a process that is not in the queue:
    // list 0 and its links are empty.
    void yield(const LinkTable &links, ProcessId pid) { lists_[priority_of_[pid]].rotate(links, pid); }

    // Takes out `pid`, which must be in the queue.
    [[gnu::always_inline]] void remove(LinkTable &links, ProcessId pid)
    {
        const uint32_t priority = priority_of_[pid];
        KASSERT(priority != 0);
        priority_of_[pid] = 0;
        if (lists_[priority].remove(links, pid))
            erase(priority);
    }

    // Calls visit(pid, priority) for every process in the order in which they would run; `visit` must not change the
    // queue. For listings and tests: its time grows with the number of processes.
    template <typename Visit> void for_each(const LinkTable &links, Visit &&visit) const
    {
        for (auto priority = priorities_.highest(); priority; priority = priorities_.highest_below(*priority)) {
            const ProcessList &list = lists_[*priority];
            for (ProcessId pid = list.front(); pid != kNoProcess; pid = list.next(links, pid))
                visit(pid, *priority);
        }
    }

private:
    // The list of this priority is no longer empty; it is empty now.
    [[gnu::always_inline]] void add(uint32_t priority)
    {
        priorities_.insert(priority);
        highest_ = std::max(highest_, priority);
    }
    [[gnu::always_inline]] void erase(uint32_t priority)
    {
        priorities_.erase(priority);
        highest_ = priorities_.highest().value_or(0);
    }

    uint32_t highest_ = 0; // of priorities_, which only add() and erase() change
    BitmapIndex priorities_;
    static constexpr uint16_t kNoList = kMaxPriority + 1; // it stays empty, as list 0 does

    std::array<ProcessList, kNoList + 1> lists_{};
    std::array<uint16_t, NPROC> priority_of_{}; // by process; 0 while it is not in the queue
};

} // namespace detour
