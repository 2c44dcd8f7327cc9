// interrupt_guard.hpp - masks interrupts for a scope
#pragma once

#include "kernel/arch.hpp"

namespace detour
{

// Masks interrupts until the end of the scope, then puts the interrupt flag back as it was. Guards nest.
//
// A guard that is held across resched() belongs to the process that holds it: others run with their own flags
// in between (ctxsw saves and restores EFLAGS), and when resched() returns, interrupts are masked for this
// one again.
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

template <uint32_t kRoom> class BasicSystemCallGuard
{
public:
    [[nodiscard]] BasicSystemCallGuard() {}

private:
    struct StackCheck {
        StackCheck() { require_stack(kRoom); }
    };
    StackCheck check_; // the order matters: check, then mask
    InterruptGuard guard_;
};

// What the kernel needs of the caller's stack: most calls, and those that go deeper (memory, messages, the
// end of another process). tools/stack_depth.py computes what they really use.
using SystemCallGuard = BasicSystemCallGuard<176>;
using DeepSystemCallGuard = BasicSystemCallGuard<480>;
using LoaderGuard = BasicSystemCallGuard<1536>; // upcreate(): reads an ELF file, and may report it
using ReportGuard = BasicSystemCallGuard<1536>; // stackshow(): goes through a stack, and prints it

} // namespace detour
