// format_digits.hpp - the decimal digits of a binary floating-point number, exactly
#pragma once

#include <array>
#include <cstdint>

namespace detour
{

// A number other than zero: mantissa * 2^exponent, in decimal, from its first significant digit on, for as
// long as one likes: after its last digit come zeros.
//
// Binary numbers have a finite decimal expansion: each digit is found by integer arithmetic on the number as
// it is, and nothing is ever rounded here. The buffer has room for every double and, of numbers with a 64-bit
// mantissa, for those of about the same size (in_range). Steps are of 16 bits and of four digits: products
// and quotients then fit 32 bits.
class DecimalDigits
{
public:
    static constexpr int kLowestExponent = -1088;
    static constexpr int kHighestExponent = 971;
    static bool in_range(int exponent) { return exponent >= kLowestExponent && exponent <= kHighestExponent; }

    // Begins with the first digit of this number.
    void start(std::uint64_t mantissa, int exponent);

    // The power of ten that the first digit counts.
    int exponent() const { return exponent_; }

    unsigned next();
    bool rest_is_zero() const;

private:
    static constexpr unsigned kStep = 10000;
    static constexpr int kStepDigits = 4;

    void set_whole(std::uint64_t value);
    void double_whole(int times);
    void set_fraction(std::uint64_t value, int bits);
    unsigned next_step();

    // The four-digit groups of the whole part, lowest first, and above them the fraction: 16-bit words,
    // lowest first, of a binary number with the point above its highest. One of both is small.
    std::array<std::uint16_t, 80> cells_;
    int whole_ = 0; // groups that are still to come
    int begin_ = 0; // the fraction's words that are not zero: [begin_, end_)
    int end_ = 0;
    unsigned step_ = 0; // the digits of the current group that are still to come
    unsigned unit_ = 0; // what the next of them counts: 1000 ... 1, or 0 if there is none
    int exponent_ = 0;
};

} // namespace detour
