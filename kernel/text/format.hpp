// format.hpp - the one printf engine, behind kprintf, printf, sprintf and panic
#pragma once

#include "kernel/text/sink.hpp"

#include <cstdarg>
#include <cstddef>
#include <span>

namespace detour
{

// Writes fmt to the sink as printf does, and returns the number of characters written. Conversions d i u x X o b c s p
// %, where b is binary, as in Xinu, and f F e E g G a A, exactly rounded to nearest, a tie to even; flags - 0 + # and
// space; width and precision, both also as *, cut at 32767; lengths hh h l ll z, and L: all 64 bits of a long double's
// mantissa count, and a value far beyond the range of a double prints "(beyond double)". A NULL string prints "(null)",
// and a precision bounds how far a string is read; p prints a NULL pointer as 0. Any other conversion is printed as it
// stands and consumes no argument. No heap, no floating-point instruction, no static state: safe with interrupts
// masked, and with 700 bytes of stack.
int format(Sink sink, const char *fmt, va_list arguments);

// format() with its arguments in place.
[[gnu::format(printf, 2, 3)]] int print(Sink sink, const char *fmt, ...);

// Formats into a buffer; the text is truncated to fit and, unless the buffer is empty, NUL-terminated. Returns the
// length of the whole text without the NUL, as snprintf does: a result >= buffer.size() means that it was truncated.
int vformat_to(std::span<char> buffer, const char *fmt, va_list arguments);
[[gnu::format(printf, 2, 3)]] int format_to(std::span<char> buffer, const char *fmt, ...);

} // namespace detour
