// debug.cpp - calls that describe code and stacks
#include "kernel/base/arch.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/image/code_tables.hpp"
#include "kernel/report/stack_report.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu.h>

using namespace detour;

const char *funcname(uint32 address, uint32 *offset)
{
    const auto symbol = kernel_code_tables().symbol(address);
    if (!symbol)
        return nullptr;
    *offset = symbol->offset;
    return symbol->name;
}

const char *funcnext(uint32 *index, uint32 *address)
{
    while (const auto symbol = kernel_code_tables().symbol_number(*index)) {
        ++*index;
        *address = symbol->offset;
        if (symbol->name != nullptr)
            return symbol->name;
    }
    return nullptr;
}

namespace
{

// Whether this many words from `words` on are writable memory.
bool are_words(const uint32 *words, uint32 count)
{
    return count == 0 || (count <= 0xFFFFFFFF / sizeof *words && arch::is_memory(words, count * sizeof *words));
}

} // namespace

syscall stackshow(pid32 pid)
{
    const StackStart caller = caller_of_this();
    const ReportGuard guard;
    if (find_process(pid) == nullptr)
        return SYSERR;
    const SwitchHold hold(guard.enabled_before());
    print_stack(static_cast<ProcessId>(pid), caller);
    return OK;
}

syscall stackcompare(pid32 pid, const void *from, const uint32 *before, uint32 count)
{
    const StackStart caller = caller_of_this();
    const ReportGuard guard;
    if (find_process(pid) == nullptr || !are_words(before, count))
        return SYSERR;
    const SwitchHold hold(guard.enabled_before());
    print_stack(static_cast<ProcessId>(pid), caller, {address_of(from), {before, count}});
    return OK;
}
