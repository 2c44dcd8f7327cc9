// format.hpp - the one printf engine: kprintf, printf, sprintf and panic all end here
#pragma once

#include "kernel/text/sink.hpp"

#include <cstdarg>
#include <cstddef>
#include <span>

namespace detour
{

// Writes fmt to the sink, printf's way, and returns the number of characters written.
// Conversions d i u x X o b c s p %, where b is binary as Xinu has it, and f F e E g G a A, exactly rounded
// to nearest, a tie to even; flags - 0 + # and space; width and precision, both also as *, cut at 32767;
// lengths hh h l ll z, and L: of a long double all 64 bits count, and one far beyond the range of a double
// prints "(beyond double)". A NULL string prints "(null)", and a precision bounds how far a string is read; a
// NULL pointer is 0 with p. A conversion that is none of these prints as it stands and takes no argument. No
// heap, no floating-point instruction, no static state: safe with interrupts off, and with 700 bytes of
// stack.
int format(Sink sink, const char *fmt, va_list arguments);

// format() with its arguments in place.
[[gnu::format(printf, 2, 3)]] int print(Sink sink, const char *fmt, ...);

// Formats into a buffer, always NUL-terminated unless it is empty, and cut when it is too small. Returns the
// length of the whole text without the NUL, as snprintf does: a result >= buffer.size() means that it was
// cut.
int vformat_to(std::span<char> buffer, const char *fmt, va_list arguments);
[[gnu::format(printf, 2, 3)]] int format_to(std::span<char> buffer, const char *fmt, ...);

} // namespace detour
