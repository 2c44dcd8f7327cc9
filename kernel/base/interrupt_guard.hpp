// interrupt_guard.hpp - masks interrupts for a scope
#pragma once

#include "kernel/base/arch.hpp"

namespace detour
{

// Masks interrupts until the end of the scope, then restores EFLAGS: as a whole, which takes no branch. Guards nest.
//
// A guard held across resched() belongs to its process: other processes run with their own flags in between (ctxsw
// saves and restores EFLAGS), and interrupts are masked again when resched() returns.
class InterruptGuard
{
public:
    [[nodiscard]] InterruptGuard() : flags_(arch::read_flags()) { arch::disable_interrupts(); }
    ~InterruptGuard() { arch::write_flags(flags_); }

    InterruptGuard(const InterruptGuard &) = delete;
    InterruptGuard &operator=(const InterruptGuard &) = delete;

    // Whether interrupts were enabled before the guard, and will be after it.
    bool enabled_before() const { return arch::are_interrupts_enabled_in(flags_); }

private:
    uint32_t flags_;
};

// Called during long work with interrupts masked: pending interrupts are taken here, and other processes may run; they
// may even end this one. Does nothing unless `enabled`: a caller that entered the kernel with interrupts masked expects
// no other process to run. Not inline, so that tools/check/stack_depth.py sees where an interrupt needs its stack room.
[[gnu::noinline]] inline void let_interrupts_in(bool enabled)
{
    if (enabled)
        arch::enable_interrupts();
    arch::mask_interrupts(); // reads the flags first: cli right after sti would let nothing in (Intel SDM vol. 2, STI)
}

template <uint32_t kRoom> class BasicSystemCallGuard
{
public:
    [[nodiscard]] BasicSystemCallGuard() {}
    bool enabled_before() const { return guard_.enabled_before(); }

private:
    struct StackCheck {
        StackCheck() { arch::require_stack<kRoom>(); }
    };
    StackCheck check_; // the order matters: check, then mask
    InterruptGuard guard_;
};

// What the kernel needs of the caller's stack: most calls, and those that go deeper (memory, messages, the end of
// another process) or let interrupts in. tools/check/stack_depth.py computes what they really use.
constexpr uint32_t kSystemCallRoom = 192;
using SystemCallGuard = BasicSystemCallGuard<kSystemCallRoom>;
using SleepGuard = BasicSystemCallGuard<480>; // sleepms(), recvtime(): interrupts may be taken before they return
using DeepSystemCallGuard = BasicSystemCallGuard<672>;
using LoaderGuard = BasicSystemCallGuard<1536>; // upcreate(): reads an ELF file, and may report an error
using ReportGuard = BasicSystemCallGuard<1920>; // stackshow(): unwinds a stack and prints it, with interrupts taken

} // namespace detour
