// memory.cpp - memory for processes
#include "kernel/memory/memory.hpp"
#include "kernel/base/address.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/stack.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

char *pointer_or_error(uint32 address)
{
    return reinterpret_cast<char *>(static_cast<uintptr_t>(address != 0 ? address : static_cast<uint32>(SYSERR)));
}

// When memory is short: not inline, so that getmem() has its first attempt to itself.
[[gnu::noinline]] uint32 getmem_with_remains(uint32 nbytes, bool enabled)
{
    return attempt_with_remains(enabled, [&] { return heap.getmem(nbytes, current_id()); });
}

} // namespace

char *getmem(uint32 nbytes)
{
    const DeepSystemCallGuard guard;
    const uint32 block = heap.getmem(nbytes, current_id());
    return pointer_or_error(block != 0 ? block : getmem_with_remains(nbytes, guard.enabled_before()));
}

syscall freemem(char *block, uint32 nbytes)
{
    const DeepSystemCallGuard guard;
    return heap.freemem(address_of(block), nbytes) ? OK : SYSERR;
}

char *getstk(uint32 nbytes)
{
    const DeepSystemCallGuard guard;
    if (nbytes == 0)
        return pointer_or_error(0);
    const bool enabled = guard.enabled_before();
    char *const stack = attempt_with_remains(enabled, [&] { return allocate_stack(nbytes, current_id()); });
    if (stack != nullptr)
        finish_stack(stack, nbytes, enabled);
    return pointer_or_error(address_of(stack));
}

syscall freestk(char *top, uint32 nbytes)
{
    const DeepSystemCallGuard guard;
    return nbytes != 0 && free_stack(top, nbytes, guard.enabled_before()) ? OK : SYSERR;
}
