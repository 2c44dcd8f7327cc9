// interrupts.cpp - the interrupt flag, for processes
#include "kernel/base/arch.hpp"

#include <xinu.h>

using namespace detour;

intmask disable()
{
    return arch::mask_interrupts();
}

void restore(intmask mask)
{
    if (mask != 0)
        arch::enable_interrupts();
    else
        arch::mask_interrupts();
}

void enable()
{
    arch::enable_interrupts();
}
