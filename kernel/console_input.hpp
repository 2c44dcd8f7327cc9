// console_input.hpp - typed characters, between the interrupt that brings them and the process that reads
// them
#pragma once

namespace detour
{

// A character has arrived. Interrupts masked. Returns whether a process became ready; the caller then calls
// resched(). When the buffer is full, the character is lost, as on any terminal.
bool console_received(char c);

// The next character. The caller waits on kConsoleInput first, which counts them.
char console_take();

} // namespace detour
