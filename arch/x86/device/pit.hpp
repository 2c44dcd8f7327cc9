// pit.hpp - the 8254 timer: the clock interrupt
#pragma once

#include <cstdint>

namespace detour::arch
{

constexpr unsigned kClockIrq = 0;

void pit_initialize(); // channel 0 interrupts at 1 kHz

// For a clock interrupt whose handler did not run: lets the next one come.
void pit_restart();

// Makes the time between two clock interrupts vary between 0.5 and 1.5 msec, in a sequence that the seed determines: a
// test sees other interrupt points with every seed, and the same ones with the same.
void pit_jitter(uint32_t seed);

} // namespace detour::arch
