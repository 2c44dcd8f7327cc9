// instructions.hpp - the part of the contract kernel/base/arch.hpp that is single instructions
#pragma once

#include "arch/x86/entry/frames.h"

#include <cstdint>

namespace detour::arch
{

// Masks interrupts. Returns the interrupt flag as it was: EFLAGS_IF or 0.
inline uint32_t mask_interrupts()
{
    uint32_t flags;
    asm volatile("pushfl; popl %0; cli" : "=r"(flags) : : "memory");
    return flags & EFLAGS_IF;
}

inline void enable_interrupts()
{
    asm volatile("sti" : : : "memory");
}

// Undoes mask_interrupts(); mask is what it returned.
inline void restore_interrupts(uint32_t mask)
{
    if (mask != 0)
        enable_interrupts();
}

inline bool interrupts_masked()
{
    uint32_t flags;
    asm volatile("pushfl; popl %0" : "=r"(flags));
    return (flags & EFLAGS_IF) == 0;
}

// Sleeps until the next interrupt and lets it happen. sti takes effect after the instruction that follows it, so no
// interrupt can slip in between and leave the CPU halted with its work undone (Intel SDM vol. 2, STI).
inline void idle()
{
    asm volatile("sti; hlt" : : : "memory");
}

inline uint64_t cycle_counter()
{
    uint32_t low;
    uint32_t high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return (static_cast<uint64_t>(high) << 32) | low;
}

} // namespace detour::arch
