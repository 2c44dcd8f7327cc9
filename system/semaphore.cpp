// semaphore.cpp - semaphores for processes
#include "kernel/process/semaphore.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu.h>

#include <limits>

using namespace detour;

sid32 semcreate(int32 count)
{
    const SystemCallGuard guard;
    if (count < 0)
        return SYSERR;
    const sid32 sem = allocate_semaphore();
    if (sem < 0)
        return SYSERR;
    semtab[sem] = {S_USED, count};
    return sem;
}

syscall semdelete(sid32 sem)
{
    const DeepSystemCallGuard guard;
    if (find_semaphore(sem) == nullptr)
        return SYSERR;
    free_semaphore(sem);
    if (release_waiting(sem, NPROC, guard.enabled_before()))
        resched();
    return OK;
}

syscall wait(sid32 sem)
{
    const SystemCallGuard guard;
    const sentry *entry = find_semaphore(sem);
    if (entry == nullptr || entry->scount == std::numeric_limits<int32>::min())
        return SYSERR;
    if (!take_or_wait(sem))
        resched();
    return OK;
}

syscall signal(sid32 sem)
{
    const SystemCallGuard guard;
    const sentry *entry = find_semaphore(sem);
    if (entry == nullptr || entry->scount == std::numeric_limits<int32>::max())
        return SYSERR;
    if (signal_one(sem))
        resched();
    return OK;
}

syscall signaln(sid32 sem, int32 count)
{
    const DeepSystemCallGuard guard;
    sentry *entry = find_semaphore(sem);
    if (entry == nullptr || count < 0 || entry->scount > std::numeric_limits<int32>::max() - count)
        return SYSERR;
    entry->scount += count;
    if (release_waiting(sem, static_cast<uint32>(count), guard.enabled_before()))
        resched();
    return OK;
}

syscall semreset(sid32 sem, int32 count)
{
    const DeepSystemCallGuard guard;
    sentry *entry = find_semaphore(sem);
    if (entry == nullptr || count < 0)
        return SYSERR;
    entry->scount = count;
    if (release_waiting(sem, NPROC, guard.enabled_before()))
        resched();
    return OK;
}

syscall semcount(sid32 sem)
{
    const SystemCallGuard guard;
    const sentry *entry = find_semaphore(sem);
    return entry == nullptr ? SYSERR : entry->scount;
}
