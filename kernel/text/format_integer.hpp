// format_integer.hpp - integers of any base as text
#pragma once

#include "kernel/text/format_output.hpp"
#include "kernel/text/format_spec.hpp"

#include <cstdint>

namespace detour
{

// Divides value by base (at most 65536) in place and returns the remainder. Works in steps of 16 bits, because the i386
// has no 64-bit division and libgcc's uses a lot of stack.
unsigned divide(uint64_t &value, unsigned base);

// Writes value with the sign and prefix given in spec. Hexadecimal digits have the case of the prefix letter.
void put_integer(Output &output, uint64_t value, unsigned base, Spec &spec);

} // namespace detour
