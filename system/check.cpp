// check.cpp - the kernel's invariants, for test programs
#include "kernel/check.hpp"
#include "kernel/interrupt_guard.hpp"
#include "kernel/memory.hpp"
#include "kernel/remains.hpp"

#include <xinu.h>

using namespace detour;

const char *kcheck()
{
    const DeepSystemCallGuard guard;
    return broken_invariant();
}

uint32 freepages()
{
    const DeepSystemCallGuard guard;
    release_remains(guard.enabled_before());
    return page_allocator.free_pages();
}
