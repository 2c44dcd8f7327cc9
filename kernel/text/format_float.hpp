// format_float.hpp - floating-point numbers as text, correctly rounded, without a floating-point instruction
#pragma once

#include "kernel/text/format_output.hpp"
#include "kernel/text/format_spec.hpp"

#include <cstdint>

namespace detour
{

// (-1)^negative * mantissa * 2^exponent, an infinity, or not a number.
struct Float {
    enum class Kind : uint8_t { kNumber, kInfinity, kNotANumber };

    bool negative;
    Kind kind;
    uint64_t mantissa;
    int exponent;
    int fraction_bits; // of the mantissa, below its first hexadecimal digit
};

Float float_of(double value);
Float float_of(long double value);

// Writes value as specified by the conversion (one of f F e E g G a A) and spec, rounded to nearest, a tie to even. A
// long double far beyond the range of a double is written as "(beyond double)".
void put_float(Output &output, const Float &value, char conversion, const Spec &spec);

} // namespace detour
