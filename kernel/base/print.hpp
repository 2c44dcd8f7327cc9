// print.hpp - the kernel's own output: to the console at once, whether or not interrupts are masked
#pragma once

#include "kernel/text/format.hpp"

namespace detour
{

// A sink for format() that writes to the console.
extern const Sink console_sink;

// format() to the console.
[[gnu::format(printf, 1, 2)]] void print(const char *fmt, ...);

} // namespace detour
