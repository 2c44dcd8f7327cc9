// create.cpp - a new process
#include "kernel/interrupt_guard.hpp"
#include "kernel/process.hpp"

#include <xinu.h>

using namespace detour;

// The arguments follow nargs on the caller's stack, a word each (System V i386 ABI), and are copied from
// there.
pid32 create(void *funcaddr, uint32 ssize, pri16 priority, const char *name, uint32 nargs, ...)
{
    const DeepSystemCallGuard guard;
    if (funcaddr == nullptr || name == nullptr || priority < 1)
        return SYSERR;
    va_list arguments;
    va_start(arguments, nargs);
    const auto *words = reinterpret_cast<const uint32 *>(arguments);
    va_end(arguments);
    const ProcessId pid = begin_process({funcaddr, userret, ssize, priority, name, words, nargs});
    return pid == kNobody ? SYSERR : pid;
}
