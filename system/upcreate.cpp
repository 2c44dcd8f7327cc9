// upcreate.cpp - creating a process in ring 3
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/user/load.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

// Copies the caller's strings before interrupts are masked: a bad pointer is a fault of the caller, not of the kernel.
bool collect(Arguments &arguments, const char *const *argv, uint32 argc)
{
    for (uint32 i = 0; i < argc; ++i) {
        const auto room = arguments.room();
        const auto length = static_cast<uint32>(strnlen(argv[i], room.size()));
        if (length == room.size())
            return false;
        memcpy(room.data(), argv[i], length); // already followed by a NUL
        if (!arguments.accept(length))
            return false;
    }
    return true;
}

// The arguments in which the three calls differ.
struct Wanted {
    const char *name;
    pri16 priority;
    uint32 capabilities;
    Share share;
};

pid32 begin(const Wanted &wanted, const Arguments &arguments)
{
    const Program *program = find_program(wanted.name);
    if (program == nullptr || wanted.priority < 1 || (wanted.capabilities & ~uint32{CAP_ALL}) != 0)
        return SYSERR;
    const LoaderGuard guard;
    const ProcessId pid = begin_user_process({program,
                                              wanted.priority,
                                              wanted.capabilities,
                                              &arguments,
                                              {kNoProcess, &wanted.share},
                                              guard.enabled_before()});
    return pid == kNoProcess ? SYSERR : pid;
}

pid32 collect_and_begin(const Wanted &wanted, const char *const *argv, uint32 argc)
{
    if (wanted.name == nullptr)
        return SYSERR;
    auto *const arguments = reinterpret_cast<Arguments *>(getmem(sizeof(Arguments)));
    if (reinterpret_cast<intptr_t>(arguments) == SYSERR)
        return SYSERR;
    *arguments = {};
    const pid32 pid = collect(*arguments, argv, argc) ? begin(wanted, *arguments) : SYSERR;
    freemem(reinterpret_cast<char *>(arguments), sizeof *arguments);
    return pid;
}

} // namespace

// The strings of argv follow argc on the caller's stack, like the arguments of create().
pid32 upcreate(const char *name, pri16 priority, uint32 argc, ...)
{
    va_list arguments;
    va_start(arguments, argc);
    const auto *argv = reinterpret_cast<const char *const *>(arguments);
    va_end(arguments);
    return collect_and_begin({name, priority, 0, default_share()}, argv, argc);
}

pid32 upcreatev(const char *name, pri16 priority, uint32 argc, const char *const argv[])
{
    return collect_and_begin({name, priority, 0, default_share()}, argv, argc);
}

pid32 upcreatecap(const char *name, pri16 priority, uint32 capabilities, uint32 argc, ...)
{
    va_list arguments;
    va_start(arguments, argc);
    const auto *argv = reinterpret_cast<const char *const *>(arguments);
    va_end(arguments);
    return collect_and_begin({name, priority, capabilities, default_share()}, argv, argc);
}

pid32 upcreatelim(const char *name, pri16 priority, uint32 capabilities, uint32 pages, uint32 processes, uint32 argc,
                  ...)
{
    va_list arguments;
    va_start(arguments, argc);
    const auto *argv = reinterpret_cast<const char *const *>(arguments);
    va_end(arguments);
    return collect_and_begin({name, priority, capabilities, {pages, processes}}, argv, argc);
}
