// check.cpp - the kernel's invariants, for test programs
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/report/invariants.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

// How often the processes are checked while interrupts may change them. After that, interrupts are masked.
constexpr int kAttempts = 4;

const char *broken_process()
{
    for (int attempt = 0; !arch::interrupts_masked() && attempt < kAttempts; ++attempt)
        if (broken_process_invariant() == nullptr)
            return nullptr;
    const InterruptGuard masked;
    return broken_process_invariant();
}

} // namespace

const char *kcheck()
{
    const DeepSystemCallGuard guard;
    const SwitchHold hold(guard.enabled_before());
    const char *broken = broken_process();
    return broken != nullptr ? broken : broken_memory_invariant();
}

uint32 freepages()
{
    const DeepSystemCallGuard guard;
    release_remains(guard.enabled_before());
    return page_allocator.free_pages();
}
