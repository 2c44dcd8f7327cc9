// vga.hpp - the text screen of a PC, if there is one
#pragma once

namespace detour::arch
{

// Uses the screen from now on: 80 x 25 characters, colour text mode, as the BIOS leaves it. Does nothing without one:
// the tools start the machine without a VGA, unless its window is wanted.
void vga_initialize();

extern bool vga_in_use;
void vga_show(char c);

// Called with interrupts masked.
inline void vga_put(char c)
{
    if (vga_in_use) [[unlikely]]
        vga_show(c);
}

} // namespace detour::arch
