// debug.cpp - what a process can learn about code and stacks
#include "kernel/code_tables.hpp"
#include "kernel/interrupt_guard.hpp"
#include "kernel/process_table.hpp"
#include "kernel/stack_report.hpp"

#include <xinu.h>

const char *funcname(uint32 address, uint32 *offset)
{
    const auto symbol = detour::kernel_code_tables().symbol(address);
    if (!symbol)
        return nullptr;
    *offset = symbol->offset;
    return symbol->name;
}

syscall stackshow(pid32 pid)
{
    using namespace detour;
    const StackStart caller = caller_of_this();
    const SystemCallGuard guard;
    if (find_process(pid) == nullptr)
        return SYSERR;
    print_stack(pid, caller);
    return OK;
}
