// create.cpp - creating a process
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/process/process.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

// A copy of the name, made before interrupts are masked: a bad pointer is the caller's fault, not the kernel's.
struct Name {
    explicit Name(const char *from)
    {
        for (std::size_t i = 0; from != nullptr && i < PNMLEN - 1 && from[i] != '\0'; ++i)
            text[i] = from[i];
    }
    char text[PNMLEN] = {};
};

} // namespace

// The arguments are copied from the caller's stack, where they follow nargs, a word each (System V i386 ABI).
pid32 create(void *funcaddr, uint32 ssize, pri16 priority, const char *name, uint32 nargs, ...)
{
    const Name copy(name);
    const DeepSystemCallGuard guard;
    if (funcaddr == nullptr || name == nullptr || priority < 1)
        return SYSERR;
    va_list arguments;
    va_start(arguments, nargs);
    const auto *words = reinterpret_cast<const uint32 *>(arguments);
    va_end(arguments);
    // More words than the caller's stack holds above this point cannot have been passed.
    const auto above = current_process().prstkbase - reinterpret_cast<const char *>(words);
    if (nargs > static_cast<uint32>(above) / sizeof *words)
        return SYSERR;
    const ProcessId pid =
        begin_process({ssize, priority, copy.text, {}, funcaddr, userret, words, nargs}, guard.enabled_before());
    return pid == kNoProcess ? SYSERR : pid;
}
