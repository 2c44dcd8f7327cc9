// process_list.hpp - first-in-first-out lists of processes, linked through one table: ready lists, semaphore queues
#pragma once

#include "kernel/base/assert.hpp"

#include <xinu/config.h>

#include <array>
#include <cstdint>

namespace detour
{

using ProcessId = uint32_t; // an index of the process table
using StoredId = uint16_t;  // the same in tables, where half of the bytes suffice

// The null process is never in a list, so its id can stand for "no process".
constexpr ProcessId kNoProcess = 0;

// The neighbours of a process in its list. Both are kNoProcess exactly while it is in no list.
struct ProcessLinks {
    StoredId next = kNoProcess;
    StoredId prev = kNoProcess;
};

// One entry per process suffices for all lists, because a process is in at most one of them at a time.
using LinkTable = std::array<ProcessLinks, NPROC>;

inline bool is_linked(const LinkTable &links, ProcessId pid)
{
    return links[pid].next != kNoProcess;
}

// A first-in-first-out list of processes. It is a ring: the last process links to the first, so the head alone finds
// both ends, and the links of a process in a list are never zero, even if it is the only member. All-zero bytes are an
// empty list and an empty table. Every operation takes constant time and expects the one link table that all lists
// share, and interrupts masked.
class ProcessList
{
public:
    bool empty() const { return head_ == kNoProcess; }

    // The process at the head, which entered first; kNoProcess when the list is empty.
    ProcessId front() const { return head_; }

    // The process after `pid`, which must be in this list; kNoProcess after the last.
    ProcessId next(const LinkTable &links, ProcessId pid) const
    {
        const ProcessId next = links[pid].next;
        return next == head_ ? kNoProcess : next;
    }

    // Appends `pid`, which must be in no list. Returns whether the list was empty.
    bool push_back(LinkTable &links, ProcessId pid)
    {
        KASSERT(pid != kNoProcess && pid < NPROC && !is_linked(links, pid));
        const auto stored = static_cast<StoredId>(pid);
        if (head_ == kNoProcess) {
            head_ = links[pid].next = links[pid].prev = stored;
            return true;
        }
        const StoredId tail = links[head_].prev;
        links[pid] = {head_, tail};
        links[tail].next = stored;
        links[head_].prev = stored;
        return false;
    }

    // Puts `pid`, which must be in no list, before all others. Returns whether the list was empty.
    bool push_front(LinkTable &links, ProcessId pid)
    {
        const bool was_empty = push_back(links, pid);
        head_ = static_cast<StoredId>(pid); // in a ring, the place before the first is the place after the last
        return was_empty;
    }

    // Moves `first`, which must be front(), behind all others: one step around the ring.
    void rotate(const LinkTable &links, ProcessId first) { head_ = links[first].next; }

    // Removes and returns the process at the head; kNoProcess when the list is empty.
    ProcessId pop_front(LinkTable &links)
    {
        const ProcessId first = head_;
        if (first != kNoProcess)
            remove(links, first);
        return first;
    }

    // Removes `pid`, which must be in this list; only that it is in some list is asserted. Returns whether the list is
    // empty now.
    bool remove(LinkTable &links, ProcessId pid)
    {
        KASSERT(!empty() && pid < NPROC && is_linked(links, pid));
        const ProcessLinks old = links[pid];
        links[old.prev].next = old.next;
        links[old.next].prev = old.prev;
        links[pid] = {};
        if (head_ == pid)
            head_ = old.next == pid ? StoredId{kNoProcess} : old.next;
        return empty();
    }

private:
    StoredId head_ = kNoProcess;
};

} // namespace detour
