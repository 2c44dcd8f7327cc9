// wrappers.cpp - calls that some terms make by a trap, which here are calls as all others
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

pid32 parent_of(pid32 pid)
{
    const SystemCallGuard guard;
    const procent *const process = find_process(pid);
    return process == nullptr ? SYSERR : process->prparent;
}

// The bytes of a number in the order of the network. Terms write it in C, in assembly, and with both.
long swapped(long number)
{
    return static_cast<long>(__builtin_bswap32(static_cast<uint32>(number)));
}

} // namespace

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
    return parent_of(pid);
}

[[gnu::weak]] pid32 getppidtrap(pid32 pid)
{
    return parent_of(pid);
}

[[gnu::weak]] pri16 chpriotrap(pid32 pid, pri16 priority)
{
    return chprio(pid, priority);
}

[[gnu::weak]] long host2net(long number)
{
    return swapped(number);
}

[[gnu::weak]] long host2neta(long number)
{
    return swapped(number);
}

[[gnu::weak]] long host2netca(long number)
{
    return swapped(number);
}
}
