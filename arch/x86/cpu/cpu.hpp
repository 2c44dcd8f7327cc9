// cpu.hpp - single instructions: the interrupt flag, ports, control registers
#pragma once

#include "arch/x86/entry/frames.h"

#include <cstdint>

namespace detour::arch
{

// Masks interrupts. Returns the interrupt flag as it was: EFLAGS_IF or 0.
inline std::uint32_t mask_interrupts()
{
    std::uint32_t flags;
    asm volatile("pushfl; popl %0; cli" : "=r"(flags) : : "memory");
    return flags & EFLAGS_IF;
}

inline void enable_interrupts()
{
    asm volatile("sti" : : : "memory");
}

// Undoes mask_interrupts(); mask is what it returned.
inline void restore_interrupts(std::uint32_t mask)
{
    if (mask != 0)
        enable_interrupts();
}

inline bool interrupts_masked()
{
    std::uint32_t flags;
    asm volatile("pushfl; popl %0" : "=r"(flags));
    return (flags & EFLAGS_IF) == 0;
}

// Sleeps until the next interrupt and lets it happen. sti takes effect after the instruction that follows it,
// so no interrupt can slip in between and leave the CPU halted with its work undone (Intel SDM vol. 2, STI).
inline void idle()
{
    asm volatile("sti; hlt" : : : "memory");
}

inline std::uint64_t cycle_counter()
{
    std::uint32_t low;
    std::uint32_t high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return (static_cast<std::uint64_t>(high) << 32) | low;
}

// An I/O port. Its own type, so that a port and a value for it cannot change places.
class Port
{
public:
    explicit constexpr Port(std::uint16_t number) : number_(number) {}

    void write(std::uint8_t value) const { asm volatile("outb %0, %1" : : "a"(value), "Nd"(number_)); }
    void write16(std::uint16_t value) const { asm volatile("outw %0, %1" : : "a"(value), "Nd"(number_)); }
    std::uint8_t read() const
    {
        std::uint8_t value;
        asm volatile("inb %1, %0" : "=a"(value) : "Nd"(number_));
        return value;
    }

private:
    std::uint16_t number_;
};

inline std::uint32_t page_fault_address()
{
    std::uint32_t address;
    asm volatile("movl %%cr2, %0" : "=r"(address));
    return address;
}

inline void forget_page(std::uint32_t address)
{
    asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

// The same for all pages.
inline void forget_all_pages()
{
    std::uint32_t directory;
    asm volatile("movl %%cr3, %0" : "=r"(directory));
    asm volatile("movl %0, %%cr3" : : "r"(directory) : "memory");
}

} // namespace detour::arch
