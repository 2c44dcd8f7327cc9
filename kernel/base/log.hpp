// log.hpp - the end of what the kernel and kprintf() have printed
#pragma once

#include <cstdint>

namespace detour
{

constexpr uint32_t kLogBytes = 16384; // that are kept

// Adds a character, from any context.
void log_record(char c);

// Copies the last characters, at most `bytes` of those that are kept; returns how many. What is printed at the same
// time may replace the first of them.
uint32_t log_copy(char *to, uint32_t bytes);

} // namespace detour
