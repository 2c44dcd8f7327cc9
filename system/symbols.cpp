// symbols.cpp - names for code addresses, for processes
#include "kernel/symbols.hpp"
#include "kernel/arch.hpp"

#include <xinu.h>

const char *funcname(uint32 address, uint32 *offset)
{
    const auto symbol = detour::kernel_symbols(detour::arch::code_end()).lookup(address);
    if (!symbol)
        return nullptr;
    *offset = symbol->offset;
    return symbol->name;
}
