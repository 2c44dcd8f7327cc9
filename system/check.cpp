// check.cpp - the kernel's invariants, for test programs
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/report/invariants.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu.h>

using namespace detour;

const char *kcheck()
{
    const DeepSystemCallGuard guard;
    if (const char *broken = broken_process_invariant())
        return broken;
    const SwitchHold hold(guard.enabled_before());
    return broken_memory_invariant();
}

uint32 freepages()
{
    const DeepSystemCallGuard guard;
    release_remains(guard.enabled_before());
    return page_allocator.free_pages();
}
