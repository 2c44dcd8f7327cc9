// interrupts.cpp - the interrupt flag and the handlers of interrupts, for processes
#include "kernel/base/arch.hpp"
#include "kernel/base/interrupt_guard.hpp"

#include <xinu.h>

using namespace detour;

intmask disable()
{
    return arch::mask_interrupts();
}

void restore(intmask mask)
{
    if (mask != 0)
        arch::enable_interrupts();
    else
        arch::mask_interrupts();
}

void enable()
{
    arch::enable_interrupts();
}

int32 set_evec(uint32 xnum, uint32 handler)
{
    constexpr uint32 kFirst = 32; // of the vectors, as in Xinu: IRQ 0
    const SystemCallGuard guard;
    const bool code = handler >= reinterpret_cast<uint32>(&text) && handler < reinterpret_cast<uint32>(&etext);
    const bool set =
        xnum >= kFirst && code && arch::set_interrupt_handler(xnum - kFirst, reinterpret_cast<void (*)()>(handler));
    return set ? OK : SYSERR;
}
