// ports.cpp - the PC's I/O ports, for programs
#include "arch/x86/cpu/cpu.hpp"

#include <xinu/interrupt.h>

using detour::arch::Port;

byte inb(uint16 port)
{
    return Port(port).read();
}

uint16 inw(uint16 port)
{
    return Port(port).read16();
}

uint32 inl(uint16 port)
{
    uint32 value;
    asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

void outb(uint16 port, byte value)
{
    Port(port).write(value);
}

void outw(uint16 port, uint16 value)
{
    Port(port).write16(value);
}

void outl(uint16 port, uint32 value)
{
    asm volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

void insw(uint16 port, void *buffer, uint32 count)
{
    Port(port).read_words(buffer, count);
}

void outsw(uint16 port, const void *buffer, uint32 count)
{
    Port(port).write_words(buffer, count);
}
