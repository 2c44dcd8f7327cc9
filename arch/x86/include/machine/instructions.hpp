// instructions.hpp - the part of the contract kernel/base/arch.hpp that is single instructions
#pragma once

#include "arch/x86/entry/frames.h"

#include <cstdint>

namespace detour::arch
{

// EFLAGS. To mask interrupts for a while: read them, disable interrupts, write them back.
inline uint32_t read_flags()
{
    uint32_t flags;
    asm volatile("pushfl; popl %0" : "=r"(flags) : : "memory");
    return flags;
}

inline void write_flags(uint32_t flags)
{
    asm volatile("pushl %0; popfl" : : "rm"(flags) : "memory", "cc");
}

inline bool are_interrupts_enabled_in(uint32_t flags)
{
    return (flags & EFLAGS_IF) != 0;
}

inline void disable_interrupts()
{
    asm volatile("cli" : : : "memory");
}

inline void enable_interrupts()
{
    asm volatile("sti" : : : "memory");
}

// Masks interrupts. Returns the interrupt flag as it was: EFLAGS_IF or 0.
inline uint32_t mask_interrupts()
{
    const uint32_t flags = read_flags();
    disable_interrupts();
    return flags & EFLAGS_IF;
}

inline bool interrupts_masked()
{
    return !are_interrupts_enabled_in(read_flags());
}

// Faults if fewer than kBytes bytes of the stack are free, which ends the process with a report. Otherwise does
// nothing. kBytes is less than the size of the guard page. is_stack_check() of exception.cpp knows the instruction.
template <uint32_t kBytes> inline void require_stack()
{
    static_assert(kBytes > 128, "the offset has 32 bits");
    asm volatile("testl %%eax, -%c0(%%esp)" : : "i"(kBytes) : "memory", "cc");
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
