// console_output.hpp - characters on their way to the console
//
// The device takes a character when it is ready, at 115200 baud every 87 usec. Until then characters wait in a buffer,
// from which the device's transmit interrupt sends them. What the kernel itself prints does not wait: it goes out at
// once, behind what is in the buffer, whether or not interrupts are masked. So text keeps its order.
#pragma once

#include <cstdint>

namespace detour
{

constexpr uint32_t kOutputBytes = 2048; // of the buffer

// Sends a character, from any context; waits for the device.
void output_at_once(char c);

// Sends a character if the device is ready and none is waiting; otherwise it waits in the buffer. False, with nothing
// done, if fewer than `reserve` bytes would be left free. Called with interrupts masked.
bool output(char c, uint32_t reserve);

uint32_t output_room(); // free bytes of the buffer

// Sends the first character of the buffer, if there is one; waits for the device.
void output_first();

// Sends all that is in the buffer.
void output_drain();

// The device may be ready: sends what it takes. Called with interrupts masked.
void output_more();

// Stops the transmission from the buffer, or goes on with it. What is sent at once is not stopped. Called with
// interrupts masked.
void output_stop(bool stop);

} // namespace detour
