// console_input.hpp - the buffer of typed characters between the interrupt handler and the readers
#pragma once

namespace detour
{

// Reads the characters received by the device, as far as there is room; the rest stay in the device and hold up the
// sender. Called with interrupts masked. Returns whether a process became ready; the caller then calls resched().
bool console_collect();

bool console_empty();

constexpr char kEndOfInput = 0x04; // Ctrl-D

// Returns the next character without removing it. The buffer must not be empty.
char console_peek();

// Removes and returns the next character. The buffer must not be empty: a reader that finds it empty waits on
// kConsoleInput and then checks again.
char console_take();

} // namespace detour
