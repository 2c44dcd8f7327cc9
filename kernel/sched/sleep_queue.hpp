// sleep_queue.hpp - the processes that wait for a time: sleepers, and receivers with a time limit
#pragma once

#include "kernel/base/assert.hpp"
#include "kernel/base/process_list.hpp"

#include <xinu/config.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace detour
{

// An indexed heap, ordered by wake time (in msec, of a clock that may wrap), among equal times by priority at
// insertion, the highest first, and among equal ones by order of insertion. The longest sleep is 2^31 - 1 msec, so all
// wake times lie within half of the clock's range, and the sign of a difference tells which of two is earlier.
//
// Each slot has four children, not two. A process then moves up half as many levels, 7 for 16383 sleepers, and going to
// sleep is the most common operation. Slot 1 holds the earliest; the children of slot k are 4k-2 to 4k+1. Slot 0 stays
// free, which costs nothing, since process 0 never sleeps. Each process knows its slot, so that any sleeper can be
// taken out early. All-zero bytes are an empty queue. Every operation expects interrupts masked.
template <std::size_t Capacity> class BasicSleepQueue
{
    static_assert(Capacity >= 2 && Capacity <= 16384, "slot numbers and four times as much must fit 16 bits");

public:
    bool empty() const { return size_ == 0; }
    uint32_t size() const { return size_; }
    bool contains(ProcessId pid) const { return slot_[pid] != 0; }

    // The earliest wake time. If the queue is empty, any time: pop_due() then returns nothing. The clock interrupt asks
    // this, and mostly nothing is due.
    uint32_t next_wake() const { return heap_[1].wake; }

    // When `pid`, which is in the queue, is to be woken.
    uint32_t wake_time(ProcessId pid) const { return heap_[slot_[pid]].wake; }

    // Adds `pid`, which must not be in the queue, to be woken once the time is `wake` or later.
    void insert(ProcessId pid, uint32_t wake, int16_t priority = 0)
    {
        KASSERT(pid != kNoProcess && pid < Capacity && !contains(pid));
        ticket_[pid] = next_ticket_++ - (static_cast<uint64_t>(priority) << kTicketBits);
        float_up(++size_, {wake, pid});
    }

    // Takes out `pid` before its time. False, and nothing changed, when it is not in the queue.
    bool remove(ProcessId pid)
    {
        if (!contains(pid))
            return false;
        take_out(slot_[pid]);
        return true;
    }

    // Takes out and returns the earliest process when its wake time is `now` or before, otherwise kNoProcess.
    ProcessId pop_due(uint32_t now)
    {
        if (empty() || static_cast<int32_t>(heap_[1].wake - now) > 0)
            return kNoProcess;
        const ProcessId pid = heap_[1].pid;
        take_out(1);
        return pid;
    }

private:
    struct Sleeper {
        uint32_t wake;
        ProcessId pid;
    };

    bool is_before(const Sleeper &a, const Sleeper &b) const
    {
        if (a.wake != b.wake)
            return static_cast<int32_t>(a.wake - b.wake) < 0;
        return static_cast<int64_t>(ticket_[a.pid]) < static_cast<int64_t>(ticket_[b.pid]);
    }

    void place(uint32_t slot, const Sleeper &sleeper)
    {
        heap_[slot] = sleeper;
        slot_[sleeper.pid] = static_cast<uint16_t>(slot);
    }

    // Places a process at the unoccupied `slot`, or further up where the order wants it.
    void float_up(uint32_t slot, Sleeper sleeper)
    {
        while (slot > 1) {
            const uint32_t parent = (slot + 2) / 4;
            if (!is_before(sleeper, heap_[parent]))
                break;
            place(slot, heap_[parent]);
            slot = parent;
        }
        place(slot, sleeper);
    }

    uint32_t earliest_child(uint32_t first) const
    {
        uint32_t earliest = first;
        const uint32_t last = std::min(first + 3, size_);
        for (uint32_t child = first + 1; child <= last; ++child)
            if (is_before(heap_[child], heap_[earliest]))
                earliest = child;
        return earliest;
    }

    // Moves the unoccupied `slot` down to a leaf, the earliest child filling it at every level. Returns the leaf.
    uint32_t sink_hole(uint32_t slot)
    {
        for (uint32_t first = 4 * slot - 2; first <= size_; first = 4 * slot - 2) {
            const uint32_t child = earliest_child(first);
            place(slot, heap_[child]);
            slot = child;
        }
        return slot;
    }

    // Empties `slot`; the heap's last process fills the gap. It belongs near a leaf in nearly all cases, so the gap
    // sinks to a leaf first: one comparison less at every level. From there it floats as far as it must, above `slot`
    // too, if it came from another branch.
    [[gnu::noinline]] void take_out(uint32_t slot)
    {
        slot_[heap_[slot].pid] = 0;
        const Sleeper last = heap_[size_--];
        if (slot <= size_)
            float_up(sink_hole(slot), last);
    }

    // A ticket is the number of the insertion, minus the priority in its highest 16 bits. Of two, as signed numbers,
    // the lower is earlier.
    static constexpr unsigned kTicketBits = 48;

    uint32_t size_ = 0;
    uint64_t next_ticket_ = 0;
    std::array<Sleeper, Capacity> heap_{};    // by slot; 1..size_ are in use
    std::array<uint16_t, Capacity> slot_{};   // by process; 0 while it is not in the queue
    std::array<uint64_t, Capacity> ticket_{}; // by process
};

using SleepQueue = BasicSleepQueue<NPROC>;

} // namespace detour
