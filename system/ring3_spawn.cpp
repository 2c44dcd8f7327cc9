// ring3_spawn.cpp - a ring-3 process starts another
#include "kernel/user_memory.hpp"
#include "kernel/user_process.hpp"
#include "system/ring3.hpp"

#include <array>

namespace detour::ring3
{

namespace
{

// The caller's strings are checked one by one. Answers false if there are too many, or they are too long.
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
    }
    return true;
}

uint32 begin(const spawnrequest &request, const char *name, const Arguments &arguments)
{
    const Program *program = find_program(name);
    const int32 highest = may(CAP_PRIORITY) ? 32767 : current_process().prprio;
    if (program == nullptr || request.priority < 1 || request.priority > highest)
        return as_result(SYSERR);
    const uint32 capabilities = request.capabilities & user_spaces[currpid].capabilities;
    const ProcessId pid =
        begin_user_process({program, static_cast<pri16>(request.priority), capabilities, &arguments});
    if (pid == kNobody)
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
    if (*length == name.size()) // before memory is taken: nobody would give it back
        return as_result(SYSERR);
    auto *const arguments = reinterpret_cast<Arguments *>(getmem(sizeof(Arguments)));
    if (reinterpret_cast<int32>(arguments) == SYSERR)
        return as_result(SYSERR);
    *arguments = {};
    const bool collected = collect(frame, *arguments, reinterpret_cast<uint32>(request.argv), request.argc);
    const uint32 pid = collected ? begin(request, name.data(), *arguments) : as_result(SYSERR);
    freemem(reinterpret_cast<char *>(arguments), sizeof *arguments);
    return pid;
}

} // namespace detour::ring3
