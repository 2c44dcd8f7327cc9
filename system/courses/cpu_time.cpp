// cpu_time.cpp - CPU time: the fields and calls of several terms
#include "system/courses/cpu_time.hpp"

#include "kernel/base/hooks.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>

#include <array>

extern "C" {
constinit int cpu_time_is_counted = 1;
}

namespace detour::courses
{

namespace
{

constexpr uint32_t kMicroseconds = 1000; // of a tick

struct Limit {
    uint32_t birth; // prbirth of the process that this is about
    uint32_t at;    // the CPU time at which it is reached
    void (*reached)(ProcessId);
};

constinit std::array<Limit, NPROC> limits{}; // reached is nullptr where there is none

void count_tick()
{
    const ProcessId pid = current_id();
    procent &process = current_process();
    ++process.prcputime;
    Limit &limit = limits[pid];
    if (limit.reached == nullptr || limit.at != process.prcputime)
        return;
    const auto reached = limit.reached;
    limit.reached = nullptr;
    if (limit.birth == process.prbirth)
        reached(pid);
}

DETOUR_HOOK(tick, count_tick);

} // namespace

void limit_cpu_time(ProcessId pid, uint32_t msec, void (*reached)(ProcessId))
{
    const procent &process = process_entry(pid);
    limits[pid] = {process.prbirth, process.prcputime + msec, msec == 0 ? nullptr : reached};
}

} // namespace detour::courses

using namespace detour;

extern "C" {

[[gnu::weak]] uint32 procgrosscpu(pid32 pid)
{
    const SystemCallGuard guard;
    const procent *const process = find_process(pid);
    return process == nullptr ? static_cast<uint32>(SYSERR) : process->prcputime;
}

[[gnu::weak]] uint32 getcputot(pid32 pid)
{
    return procgrosscpu(pid);
}

[[gnu::weak]] uint32 procgrosscpumicro(pid32 pid)
{
    const uint32 msec = procgrosscpu(pid);
    return msec == static_cast<uint32>(SYSERR) ? msec : msec * courses::kMicroseconds;
}

[[gnu::weak]] uint32 gettmslice()
{
    return preempt;
}
}
