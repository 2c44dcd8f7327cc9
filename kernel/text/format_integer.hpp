// format_integer.hpp - integers of any base in text
#pragma once

#include "kernel/text/format_output.hpp"
#include "kernel/text/format_spec.hpp"

#include <cstdint>

namespace detour
{

// Divides value by base (at most 65536) in place and returns the remainder. In steps of 16 bits, because
// 32-bit code has no 64-bit division and libgcc's takes much stack.
unsigned divide(std::uint64_t &value, unsigned base);

// Writes value with the sign and the prefix of spec. The letter case of hexadecimal digits is that of the
// prefix.
void put_integer(Output &output, std::uint64_t value, unsigned base, Spec &spec);

} // namespace detour
