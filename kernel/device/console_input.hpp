// console_input.hpp - typed characters, between the interrupt that brings them and the process that reads
// them
#pragma once

namespace detour
{

// Takes from the device what has arrived, as far as there is room; the rest stays there and holds up whoever
// sends. Interrupts masked. Returns whether a process became ready; the caller then calls resched().
bool console_collect();

bool console_empty();

constexpr char kEndOfInput = 0x04; // Ctrl-D

// The next character, which stays there; there is one.
char console_peek();

// The next character; there is one. Whoever finds the buffer empty waits on kConsoleInput and then looks
// again.
char console_take();

} // namespace detour
