// detour.hpp - detours of ring-3 processes (R24)
//
// The kernel moves the registers of the process from its kernel stack to its own stack, below what it has
// there, and lets it go on in cbfmanager, in its return page. That calls one claimed callback after the
// other, asking the kernel for the next by the system call cbnext; after the last the kernel puts the
// registers back. So the end of the last callback and the return to the interrupted code are one step for the
// process: no clock interrupt comes between them, as in cbfmanager.S.
#pragma once

#include "kernel/base/arch.hpp"

#include <array>
#include <cstdint>

namespace detour
{

// On the process's stack during a detour, lowest address first; cbfmanager has ESP here.
struct DetourRecord {
    std::array<uint32_t, CLAIMED_BYTES / 4> claimed; // alarm, message, vacation; 0: none, or done
    arch::UserContext context;                       // R8's frame
};

// On the way back from a system call. vacation: this is a return of sleepms(). If anything is to be run, the
// frame leads to it. Returns what the process finds in EAX: result, unless it takes a detour first.
uint32_t user_detour_at_return(arch::UserFrame &frame, uint32_t result, bool vacation);

// The system call cbnext. Returns what the process finds in EAX.
uint32_t next_user_callback(arch::UserFrame &frame);

} // namespace detour

// The clock has interrupted ring 3; called by clkdisp_from_user.
extern "C" void user_detour_at_tick(detour::arch::UserFrame &frame);
