// idt.hpp - the interrupt descriptor table
#pragma once

namespace detour::arch
{

void idt_initialize(); // all 256 vectors

// Lets the clock interrupt arrive somewhere else than in clkdisp.
void idt_set_clock_entry(void (*entry)());

} // namespace detour::arch
