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
}
