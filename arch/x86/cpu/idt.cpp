#include "arch/x86/cpu/idt.hpp"

#include "arch/x86/cpu/segments.hpp"
#include "arch/x86/entry/frames.h"

#include <xinu/systemcalls.h>

#include <array>

extern "C" {
extern const uint32_t interrupt_entry_table[256]; // entry.S
void clkdisp();
void system_call_entry();
}

namespace detour::arch
{

namespace
{

struct Gate { // Intel SDM vol. 3, figure 6-2
    uint16_t offset_low;
    uint16_t selector;
    uint8_t zero;
    uint8_t type;
    uint16_t offset_high;
};
static_assert(sizeof(Gate) == 8);

constexpr uint8_t kInterruptGate = 0x8E; // present, for ring 0, 32 bit
constexpr uint8_t kForRing3 = 0x60;      // ring 3 may execute the int instruction for it
constexpr uint8_t kTaskGate = 0x85;
constexpr unsigned kBreakpoint = 3;
constexpr unsigned kDoubleFault = 8;

constinit std::array<Gate, 256> idt{};
static_assert(sizeof idt == 256 * 8);

Gate interrupt_gate(uint32_t entry)
{
    return {static_cast<uint16_t>(entry), SELECTOR_KERNEL_CODE, 0, kInterruptGate, static_cast<uint16_t>(entry >> 16)};
}

} // namespace

void idt_initialize()
{
    for (unsigned vector = 0; vector < idt.size(); ++vector)
        idt[vector] = interrupt_gate(interrupt_entry_table[vector]);
    idt_set_clock_entry(clkdisp);
    // [lab rings 4
    idt[kBreakpoint].type |= kForRing3;
    idt[SYSTEM_CALL_VECTOR] = interrupt_gate(reinterpret_cast<uint32_t>(system_call_entry));
    idt[SYSTEM_CALL_VECTOR].type |= kForRing3;
    // lab]
    idt[kDoubleFault] = {0, SELECTOR_DOUBLE_FAULT, 0, kTaskGate, 0};

    const TablePointer pointer{sizeof idt - 1, idt.data()};
    asm volatile("lidt %0" : : "m"(pointer));
}

void idt_set_clock_entry(void (*entry)())
{
    idt[VECTOR_CLOCK] = interrupt_gate(reinterpret_cast<uint32_t>(entry));
}

} // namespace detour::arch
