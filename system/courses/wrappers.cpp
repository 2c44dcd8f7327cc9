// wrappers.cpp - calls that some terms make by a trap, which here are calls as all others
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>

using namespace detour;

extern "C" {

[[gnu::weak]] pid32 wgetpid()
{
    return getpid();
}

[[gnu::weak]] pid32 getpidtrap()
{
    return getpid();
}

[[gnu::weak]] syscall wgetprio(pid32 pid)
{
    return getprio(pid);
}

[[gnu::weak]] pid32 wgetppid(pid32 pid)
{
    const SystemCallGuard guard;
    const procent *const process = find_process(pid);
    return process == nullptr ? SYSERR : process->prparent;
}

[[gnu::weak]] pid32 getppidtrap(pid32 pid)
{
    const SystemCallGuard guard;
    const procent *const process = find_process(pid);
    return process == nullptr ? SYSERR : process->prparent;
}

[[gnu::weak]] pri16 chpriotrap(pid32 pid, pri16 priority)
{
    return chprio(pid, priority);
}

// The bytes of a number in the order of the network: written in C, in assembly, and with both.
[[gnu::weak]] long host2net(long number)
{
    return static_cast<long>(__builtin_bswap32(static_cast<uint32>(number)));
}

[[gnu::weak]] long host2neta(long number)
{
    return static_cast<long>(__builtin_bswap32(static_cast<uint32>(number)));
}

[[gnu::weak]] long host2netca(long number)
{
    return static_cast<long>(__builtin_bswap32(static_cast<uint32>(number)));
}
}
