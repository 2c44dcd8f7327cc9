// power.hpp - how the machine is told to end a run; power_off() itself is in the contract
#pragma once

namespace detour::arch
{

// There is an isa-debug-exit device: every ending, a panic too, ends the emulator with a status of its own.
void power_use_debug_exit();
bool power_has_debug_exit(); // asks the hardware

// The machine is Bochs: every ending ends it, behind a line in its log that says which it was.
void power_use_bochs();

} // namespace detour::arch
