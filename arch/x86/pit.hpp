// pit.hpp - the 8254 timer: the clock interrupt
#pragma once

namespace detour::arch
{

void pit_initialize(); // channel 0 interrupts at 1 kHz

} // namespace detour::arch
