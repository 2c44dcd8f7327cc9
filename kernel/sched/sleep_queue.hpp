// sleep_queue.hpp - the processes that wait for a time: sleepers, and receivers with a time limit
#pragma once

#include "kernel/base/assert.hpp"
#include "kernel/base/process_list.hpp"

#include <xinu/config.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace detour
{

// An indexed binary heap, ordered by wake time (msec since boot) and, among equal times, by order of insertion: earlier
// inserted is earlier popped. The order is exact, because both numbers have 64 bits and never wrap. Slot 1 holds the
// earliest; the children of slot k are 2k and 2k+1. Slot 0 stays free, which costs nothing, since process 0 never
// sleeps. Each process knows its slot, so that any sleeper can be taken out early. insert, remove and pop_due move at
// most one process per level of the heap: 14 levels for 16383 sleepers. All-zero bytes are an empty queue. Every
// operation expects interrupts masked.
template <std::size_t Capacity> class BasicSleepQueue
{
    static_assert(Capacity >= 2 && Capacity <= 16384, "slot numbers and their doubles must fit 16 bits");

public:
    bool empty() const { return size_ == 0; }
    uint32_t size() const { return size_; }
    bool contains(ProcessId pid) const { return pid < Capacity && slot_[pid] != 0; }

    // The earliest wake time, or nothing when no process sleeps.
    std::optional<uint64_t> next_wake() const
    {
        if (empty())
            return std::nullopt;
        return wake_[heap_[1]];
    }

    // When `pid`, which is in the queue, is to be woken.
    uint64_t wake_time(ProcessId pid) const { return wake_[pid]; }

    // Adds `pid`, which must not be in the queue, to be woken once the time is `wake` or later.
    void insert(ProcessId pid, uint64_t wake)
    {
        KASSERT(pid != kNoProcess && pid < Capacity && !contains(pid));
        wake_[pid] = wake;
        ticket_[pid] = next_ticket_++;
        float_up(++size_, pid);
    }

    // Takes out `pid` before its time. False, and nothing changed, when it is not in the queue.
    bool remove(ProcessId pid)
    {
        if (!contains(pid))
            return false;
        take_out(slot_[pid]);
        return true;
    }

    // Takes out and returns the earliest process when its wake time is `now` or before, otherwise kNoProcess. The clock
    // interrupt asks this: mostly nothing is due, and it takes no call.
    ProcessId pop_due(uint64_t now)
    {
        if (empty() || wake_[heap_[1]] > now)
            return kNoProcess;
        const ProcessId pid = heap_[1];
        take_out(1);
        return pid;
    }

private:
    bool is_before(ProcessId a, ProcessId b) const
    {
        return wake_[a] != wake_[b] ? wake_[a] < wake_[b] : ticket_[a] < ticket_[b];
    }

    void place(uint32_t slot, ProcessId pid)
    {
        heap_[slot] = pid;
        slot_[pid] = static_cast<uint16_t>(slot);
    }

    // Places `pid` at the unoccupied `slot`, or further up where the order wants it.
    void float_up(uint32_t slot, ProcessId pid)
    {
        for (; slot > 1 && is_before(pid, heap_[slot / 2]); slot /= 2)
            place(slot, heap_[slot / 2]);
        place(slot, pid);
    }

    // Moves the unoccupied `slot` down to a leaf, the earlier child filling it at every level. Returns the leaf.
    uint32_t sink_hole(uint32_t slot)
    {
        for (uint32_t child = 2 * slot; child <= size_; child = 2 * slot) {
            if (child < size_ && is_before(heap_[child + 1], heap_[child]))
                ++child;
            place(slot, heap_[child]);
            slot = child;
        }
        return slot;
    }

    // Empties `slot`; the heap's last process fills the gap. It belongs near a leaf in nearly all cases, so the gap
    // sinks to a leaf first: one comparison a level instead of two. From there it floats as far as it must, above
    // `slot` too, if it came from another branch.
    void take_out(uint32_t slot)
    {
        slot_[heap_[slot]] = 0;
        const ProcessId last = heap_[size_--];
        if (slot <= size_)
            float_up(sink_hole(slot), last);
    }

    uint32_t size_ = 0;
    uint64_t next_ticket_ = 0;
    std::array<ProcessId, Capacity> heap_{}; // by slot; 1..size_ are in use
    std::array<uint16_t, Capacity> slot_{};  // by process; 0 while it is not in the queue
    std::array<uint64_t, Capacity> wake_{};  // by process, as is the next
    std::array<uint64_t, Capacity> ticket_{};
};

using SleepQueue = BasicSleepQueue<NPROC>;

} // namespace detour
