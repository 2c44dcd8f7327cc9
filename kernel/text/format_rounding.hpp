// format_rounding.hpp - decimal digits, rounded to a given number of them
#pragma once

#include "kernel/text/format_digits.hpp"

namespace detour
{

// The digits of mantissa * 2^exponent from the first significant one on; those of zero are all 0. round() generates the
// digits once, to find where a carry ends, and next() generates them again: there are too many to keep on a small
// stack.
class RoundedDigits
{
public:
    RoundedDigits(uint64_t mantissa, int exponent);

    // Rounds to `count` digits, a tie to even. Called at most once, before next().
    void round(int count);

    int exponent() const { return exponent_; }       // the power of ten of the first digit
    int significant() const { return significant_; } // digits up to the last that is not 0; after round()
    char next();

private:
    bool is_zero() const { return mantissa_ == 0; }

    uint64_t mantissa_;
    int binary_exponent_;
    DecimalDigits digits_;
    int exponent_ = 0;
    int position_ = 0; // of the next digit
    int significant_ = 0;
    bool up_ = false;
    int last_below_nine_ = -1; // where a carry ends; -1: it produces a new first digit
};

} // namespace detour
