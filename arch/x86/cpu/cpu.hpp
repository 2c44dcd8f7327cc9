// cpu.hpp - single instructions that only the machine uses: ports, control registers
#pragma once

#include <cstdint>

#include <machine/instructions.hpp>

namespace detour::arch
{

// An I/O port. Its own type, so that a port and a value for it cannot change places.
class Port
{
public:
    explicit constexpr Port(uint16_t number) : number_(number) {}

    void write(uint8_t value) const { asm volatile("outb %0, %1" : : "a"(value), "Nd"(number_)); }
    void write16(uint16_t value) const { asm volatile("outw %0, %1" : : "a"(value), "Nd"(number_)); }
    uint8_t read() const
    {
        uint8_t value;
        asm volatile("inb %1, %0" : "=a"(value) : "Nd"(number_));
        return value;
    }
    uint16_t read16() const
    {
        uint16_t value;
        asm volatile("inw %1, %0" : "=a"(value) : "Nd"(number_));
        return value;
    }

    // `count` words of 16 bits, one after the other through this port.
    void write_words(const void *from, uint32_t count) const
    {
        asm volatile("rep outsw" : "+S"(from), "+c"(count) : "d"(number_) : "memory");
    }
    void read_words(void *to, uint32_t count) const
    {
        asm volatile("rep insw" : "+D"(to), "+c"(count) : "d"(number_) : "memory");
    }

private:
    uint16_t number_;
};

inline uint32_t page_fault_address()
{
    uint32_t address;
    asm volatile("movl %%cr2, %0" : "=r"(address));
    return address;
}

inline void forget_page(uint32_t address)
{
    asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

} // namespace detour::arch
