// idt.hpp - the interrupt descriptor table
#pragma once

namespace detour::arch
{

void idt_initialize(); // all 256 vectors

} // namespace detour::arch
