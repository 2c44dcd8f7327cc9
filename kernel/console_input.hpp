// console_input.hpp - typed characters, between the interrupt that brings them and the process that reads
// them
#pragma once

namespace detour
{

// Takes from the device what has arrived, as far as there is room; the rest stays there and holds up whoever
// sends. Interrupts masked. Returns whether a process became ready; the caller then calls resched().
bool console_collect();

// The next character. The caller waits on kConsoleInput first, which counts them.
char console_take();

} // namespace detour
