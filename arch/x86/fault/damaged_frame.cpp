// damaged_frame.cpp - the end of a process whose event callback overwrote the frame to return by
#include "arch/x86/entry/frames.h"
#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/sched/print_ended.hpp"

#include <xinu/prototypes.h>

// Called by cbfmanager, interrupts masked, on the stack of the process, before it restores this frame.
extern "C" [[noreturn]] void end_for_damaged_frame(const detour::arch::InterruptFrame *frame);

namespace detour::arch
{

namespace
{

constinit const InterruptFrame *damaged = nullptr; // while the exit stack is in use

[[noreturn]] void report_and_end()
{
    print_ended("its saved CS 0x%04x, EFLAGS 0x%08x on the stack (at 0x%08x) were overwritten during an event "
                "callback",
                damaged->cs & 0xFFFF, damaged->eflags, address_of(&damaged->cs));
    end_current_process();
}

} // namespace

} // namespace detour::arch

// The report needs more stack than the process may have left.
void end_for_damaged_frame(const detour::arch::InterruptFrame *frame)
{
    detour::arch::damaged = frame;
    abandon_stack(detour::arch::report_and_end);
}
