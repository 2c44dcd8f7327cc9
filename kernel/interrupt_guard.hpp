// interrupt_guard.hpp - masks interrupts for a scope
#pragma once

#include "kernel/arch.hpp"

namespace detour
{

// Masks interrupts until the end of the scope, then puts the interrupt flag back as it was. Guards nest.
//
// A guard that is held across resched() belongs to the process that holds it: others run with their own flags in
// between (ctxsw saves and restores EFLAGS), and when resched() returns, interrupts are masked for this one again.
class InterruptGuard
{
public:
    [[nodiscard]] InterruptGuard() : mask_(arch::mask_interrupts()) {}
    ~InterruptGuard() { arch::restore_interrupts(mask_); }

    InterruptGuard(const InterruptGuard &) = delete;
    InterruptGuard &operator=(const InterruptGuard &) = delete;

private:
    std::uint32_t mask_;
};

struct StackCheck {
    StackCheck() { require_stack(); }
};

// The entry of a system call: makes sure that the kernel has stack to work on, while nothing has changed yet; then masks
// interrupts. A process without that much stack ends here, with a report, and the kernel's state is whole.
class SystemCallGuard : StackCheck, InterruptGuard
{
public:
    [[nodiscard]] SystemCallGuard() = default;
};

} // namespace detour
