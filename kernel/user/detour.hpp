// detour.hpp - detours of ring-3 processes (R24)
//
// The kernel copies the registers of the process from its kernel stack to its user stack, below the stack pointer, and
// resumes it in cbfmanager, in the return page. cbfmanager calls one claimed callback after the other and gets the next
// from the kernel by the system call cbnext; after the last, the kernel restores the registers. So for the process the
// end of the last callback and the return to the interrupted code are one step: no clock interrupt comes between them,
// as in cbfmanager.S.
#pragma once

#include "kernel/base/arch.hpp"

#include <array>
#include <cstdint>

namespace detour
{

// On the process's stack during a detour, lowest address first; cbfmanager has ESP here.
struct DetourRecord {
    std::array<uint32_t, CLAIMED_BYTES / 4> claimed; // alarm, message, vacation; 0: none, or finished
    arch::UserContext context;                       // R8's frame
};

// Called on the way back from a system call. vacation: this is a return of sleepms(). If a callback is due, redirects
// the frame to it. Returns the process's EAX: result, unless it takes a detour first.
uint32_t user_detour_at_return(arch::UserFrame &frame, uint32_t result, bool vacation);

// The system call cbnext. Returns the process's EAX.
uint32_t next_user_callback(arch::UserFrame &frame);

} // namespace detour

// Called by clkdisp_from_user when the clock interrupts ring 3.
extern "C" void user_detour_at_tick(detour::arch::UserFrame &frame);
