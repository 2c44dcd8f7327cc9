// print.hpp - the kernel's own output: to the console at once, with interrupts on or off
#pragma once

#include "kernel/text/format.hpp"

namespace detour
{

// A sink for format() that writes to the console.
extern const Sink console_sink;

// format() to the console.
[[gnu::format(printf, 1, 2)]] void print(const char *fmt, ...);

} // namespace detour
