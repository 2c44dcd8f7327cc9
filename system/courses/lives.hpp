// lives.hpp - what a layer knows of a process, while the entries of the process table are used again and again
#pragma once

#include "kernel/sched/process_table.hpp"

#include <array>

namespace detour::courses
{

// A process, also after its end; not one that has its id later.
struct Life {
    pid32 pid;
    uint32_t birth; // prbirth

    bool operator==(const Life &) const = default;

    // Whether the process has not ended.
    bool goes_on() const
    {
        const procent *const process = find_process(pid);
        return process != nullptr && process->prbirth == birth;
    }
};

inline Life life_of(pid32 pid)
{
    return {pid, proctab[pid].prbirth};
}

// A value for each process. It begins anew, as zero bytes, in each process that has the id. Expects interrupts masked.
template <typename Value> class PerProcess
{
public:
    Value &of(ProcessId pid)
    {
        if (find(pid) == nullptr)
            entries_[pid] = {process_entry(pid).prbirth, {}};
        return entries_[pid].value;
    }

    // The same, but nullptr if this process has never had one.
    Value *find(ProcessId pid)
    {
        return entries_[pid].birth == process_entry(pid).prbirth ? &entries_[pid].value : nullptr;
    }

private:
    struct Entry {
        uint32_t birth; // of the process whose value this is
        Value value;
    };
    std::array<Entry, NPROC> entries_{};
};

} // namespace detour::courses
