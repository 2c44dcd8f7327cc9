// interrupt_guard.hpp - masks interrupts for a scope
#pragma once

#include "kernel/base/arch.hpp"

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

    // Whether interrupts were enabled, and will be again.
    bool enabled_before() const { return mask_ != 0; }

private:
    std::uint32_t mask_;
};

// Amid something long, with interrupts masked: those that wait come in now, and other processes may run; they
// may even end this one. Does nothing unless `enabled`: whoever called the kernel with interrupts masked
// wants no process to run. Not inline, so that tools/check/stack_depth.py sees where an interrupt needs its room.
[[gnu::noinline]] inline void let_interrupts_in(bool enabled)
{
    if (enabled)
        arch::enable_interrupts();
    arch::mask_interrupts();
}

template <uint32_t kRoom> class BasicSystemCallGuard
{
public:
    [[nodiscard]] BasicSystemCallGuard() {}
    bool enabled_before() const { return guard_.enabled_before(); }

private:
    struct StackCheck {
        StackCheck() { require_stack(kRoom); }
    };
    StackCheck check_; // the order matters: check, then mask
    InterruptGuard guard_;
};

// What the kernel needs of the caller's stack: most calls, and those that go deeper (memory, messages, the
// end of another process) or let interrupts in. tools/check/stack_depth.py computes what they really use.
constexpr uint32_t kSystemCallRoom = 176;
using SystemCallGuard = BasicSystemCallGuard<kSystemCallRoom>;
using DeepSystemCallGuard = BasicSystemCallGuard<672>;
using LoaderGuard = BasicSystemCallGuard<1536>; // upcreate(): reads an ELF file, and may report it
using ReportGuard = BasicSystemCallGuard<1536>; // stackshow(): goes through a stack, and prints it

} // namespace detour
