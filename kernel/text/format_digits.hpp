// format_digits.hpp - the exact decimal digits of a binary floating-point number
#pragma once

#include <array>
#include <cstdint>

namespace detour
{

// The decimal digits of a number other than zero, mantissa * 2^exponent, from the first significant digit on, without
// end: zeros follow the last digit.
//
// Binary numbers have a finite decimal expansion: each digit comes from integer arithmetic on the exact number, and
// nothing is ever rounded here. The buffer has room for every double, and for numbers with a 64-bit mantissa whose
// magnitude is about that of a double (in_range). The arithmetic works in steps of 16 bits and of four digits, so that
// products and quotients fit in 32 bits.
class DecimalDigits
{
public:
    static constexpr int kLowestExponent = -1088;
    static constexpr int kHighestExponent = 971;
    static bool in_range(int exponent) { return exponent >= kLowestExponent && exponent <= kHighestExponent; }

    // Starts at the first digit of this number.
    void start(uint64_t mantissa, int exponent);

    // The power of ten of the first digit.
    int exponent() const { return exponent_; }

    unsigned next();
    bool rest_is_zero() const;

private:
    static constexpr unsigned kStep = 10000;
    static constexpr int kStepDigits = 4;

    void set_whole(uint64_t value);
    void double_whole(int times);
    void set_fraction(uint64_t value, int bits);
    unsigned next_step();

    // The four-digit groups of the whole part, lowest first, and above them the fraction: a binary number in 16-bit
    // words, lowest first, with the point above the highest. One of the two is small.
    std::array<uint16_t, 80> cells_;
    int whole_ = 0; // groups of the whole part not yet returned
    int begin_ = 0; // the fraction's words that are not zero: [begin_, end_)
    int end_ = 0;
    unsigned step_ = 0; // the digits of the current group not yet returned
    unsigned unit_ = 0; // weight of the next of them: 1000 ... 1, or 0 if there is none
    int exponent_ = 0;
};

} // namespace detour
