// calls.hpp - the handlers of the system calls of ring 3
//
// Each is called with interrupts masked and the caller's registers, and returns the caller's EAX. It checks pointers
// and privileges, and then does the same as the ring-0 function of that name.
#pragma once

#include "kernel/base/arch.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/user/detour.hpp"
#include "kernel/user/space.hpp"

#include <xinu.h>
#include <xinu/systemcalls.h>

namespace detour::ring3
{

using arch::UserFrame;

#define DECLARE_HANDLER(number, result, name, parameters) [[gnu::fastcall]] uint32 handle_##name(UserFrame &frame);
SYSTEM_CALLS(DECLARE_HANDLER)
#undef DECLARE_HANDLER

inline uint32 first(const UserFrame &frame)
{
    return arch::user_argument(frame, 0);
}
inline uint32 second(const UserFrame &frame)
{
    return arch::user_argument(frame, 1);
}
inline uint32 third(const UserFrame &frame)
{
    return arch::user_argument(frame, 2);
}

inline uint32 as_result(syscall result)
{
    return static_cast<uint32>(result);
}

// For a call that lets interrupts in: a callback that becomes due during the call begins at its return (R24).
class TickWatch
{
public:
    // What the caller finds in EAX: result, unless it takes a detour first.
    uint32 deliver(UserFrame &frame, uint32 result) const
    {
        return clkcountermsec == begun_ ? result : user_detour_at_return(frame, result, false);
    }

private:
    uint32 begun_ = clkcountermsec;
};

// Whether the caller has this capability.
inline bool may(uint32 capability)
{
    return (user_spaces[currpid].capabilities & capability) != 0;
}

// Whether this is the caller, or a process that the caller created.
inline bool is_own(pid32 pid)
{
    const procent *process = find_process(pid);
    return process != nullptr &&
           (pid == currpid || (process->prparent == currpid && process->prparentbirth == current_process().prbirth));
}

} // namespace detour::ring3
