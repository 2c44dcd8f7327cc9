// spawn.cpp - starting a ring-3 process from another
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/account.hpp"
#include "kernel/report/ended.hpp"
#include "kernel/user/access.hpp"
#include "kernel/user/load.hpp"
#include "system/ring3/calls.hpp"

#include <array>

namespace detour::ring3
{

namespace
{

// Checks and copies the caller's strings one by one. Returns false if there are too many, or they are too long.
bool collect(const UserFrame &frame, Arguments &arguments, uint32 argv, uint32 argc)
{
    for (uint32 i = 0; i < argc; ++i) {
        uint32 string = 0;
        if (!read_user(string, argv + i * sizeof string))
            end_for_bad_pointer(frame, "spawn", argv, argc * sizeof string, false);
        const auto length = copy_string_from_user(arguments.room(), string);
        if (!length)
            end_for_bad_pointer(frame, "spawn", string, 1, false);
        if (!arguments.accept(*length))
            return false;
        let_interrupts_in(true);
    }
    return true;
}

constexpr uint32 kArgumentPages = (sizeof(Arguments) + kPageBytes - 1) / kPageBytes;
static_assert(sizeof(Arguments) > Heap::kMaxSmall, "a block with pages of its own");

// Charged to the caller, like everything that the kernel allocates on its behalf. Returns nullptr if there is no
// memory, or the account does not allow it.
Arguments *new_arguments()
{
    if (!charge_pages(current_id(), kArgumentPages))
        return nullptr;
    auto *const arguments = reinterpret_cast<Arguments *>(getmem(sizeof(Arguments)));
    if (reinterpret_cast<int32>(arguments) == SYSERR) {
        return_pages(current_id(), kArgumentPages);
        return nullptr;
    }
    *arguments = {};
    return arguments;
}

void free_arguments(Arguments *arguments)
{
    freemem(reinterpret_cast<char *>(arguments), sizeof *arguments);
    return_pages(current_id(), kArgumentPages);
}

uint32 begin(const spawnrequest &request, const char *name, const Arguments &arguments)
{
    const Program *program = find_program(name);
    const int32 highest = may(CAP_PRIORITY) ? 32767 : current_process().prprio;
    if (program == nullptr || request.priority < 1 || request.priority > highest)
        return as_result(SYSERR);
    const uint32 capabilities = request.capabilities & user_spaces[currpid].capabilities;
    let_interrupts_in(true); // find_program() takes longer with more programs
    const Share share{request.pages, request.processes};
    const bool own = share.pages != 0 || share.processes != 0;
    const Charging charging{account_of(current_id()), own ? &share : nullptr};
    const ProcessId pid =
        begin_user_process({program, static_cast<pri16>(request.priority), capabilities, &arguments, charging, true});
    if (pid == kNoProcess)
        return as_result(SYSERR);
    resume(pid);
    return pid;
}

} // namespace

uint32 handle_spawn(UserFrame &frame)
{
    spawnrequest request;
    std::array<char, 64> name;
    if (!read_user(request, first(frame)))
        end_for_bad_pointer(frame, "spawn", first(frame), sizeof request, false);
    const auto length = copy_string_from_user(name, reinterpret_cast<uint32>(request.name));
    if (!length)
        end_for_bad_pointer(frame, "spawn", reinterpret_cast<uint32>(request.name), 1, false);
    if (*length == name.size()) // before new_arguments(): a return must not leak it
        return as_result(SYSERR);
    const TickWatch watch;
    auto *const arguments = new_arguments();
    if (arguments == nullptr)
        return as_result(SYSERR);
    let_interrupts_in(true); // new_arguments() has cleared two KiB
    const bool collected = collect(frame, *arguments, reinterpret_cast<uint32>(request.argv), request.argc);
    const uint32 pid = collected ? begin(request, name.data(), *arguments) : as_result(SYSERR);
    free_arguments(arguments);
    return watch.deliver(frame, pid);
}

} // namespace detour::ring3
