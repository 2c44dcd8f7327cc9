// keyboard.hpp - the PS/2 keyboard
#pragma once

namespace detour::arch
{

constexpr unsigned kKeyboardIrq = 1;

// Uses the keyboard from now on, and forgets the keys that the BIOS did not take: while its controller holds one, it
// does not interrupt.
void keyboard_initialize();

// A typed character, or -1; does nothing before. What is not read stays in the controller and the keyboard, as on a
// serial line whose sender waits. Called with interrupts masked.
int keyboard_read();

} // namespace detour::arch
