#include "kernel/text/format_digits.hpp"

#include "kernel/text/format_integer.hpp"

namespace detour
{

void DecimalDigits::start(uint64_t mantissa, int exponent)
{
    whole_ = 0;
    const int fraction_bits = exponent < 0 ? -exponent : 0;
    const uint64_t whole = fraction_bits < 64 ? mantissa >> fraction_bits : 0;
    set_whole(whole);
    if (exponent >= 0)
        double_whole(exponent);
    begin_ = end_ = whole_;
    if (fraction_bits != 0)
        set_fraction(fraction_bits < 64 ? mantissa - (whole << fraction_bits) : mantissa, fraction_bits);

    exponent_ = whole_ * kStepDigits;
    do {
        step_ = next_step();
        exponent_ -= kStepDigits;
    } while (step_ == 0);
    unit_ = 1;
    for (; unit_ * 10 <= step_; ++exponent_)
        unit_ *= 10;
}

void DecimalDigits::set_whole(uint64_t value)
{
    for (; value != 0; ++whole_)
        cells_[static_cast<unsigned>(whole_)] = static_cast<uint16_t>(divide(value, kStep));
}

void DecimalDigits::double_whole(int times)
{
    while (times > 0) {
        const int shift = times < 16 ? times : 16;
        uint32_t carry = 0;
        for (int i = 0; i < whole_; ++i) {
            carry += uint32_t{cells_[static_cast<unsigned>(i)]} << shift;
            cells_[static_cast<unsigned>(i)] = static_cast<uint16_t>(carry % kStep);
            carry /= kStep;
        }
        for (; carry != 0; carry /= kStep)
            cells_[static_cast<unsigned>(whole_++)] = static_cast<uint16_t>(carry % kStep);
        times -= shift;
    }
}

// bits: the number of bits below the point.
void DecimalDigits::set_fraction(uint64_t value, int bits)
{
    const int words = (bits + 15) / 16;
    const int unused = words * 16 - bits; // the point must lie above a whole word
    end_ = begin_ + words;
    uint32_t carry = 0;
    for (int i = begin_; i < end_; ++i) {
        carry |= static_cast<uint32_t>(value & 0xFFFF) << unused;
        cells_[static_cast<unsigned>(i)] = static_cast<uint16_t>(carry);
        carry >>= 16;
        value >>= 16;
    }
}

// The next four digits: the highest group of the whole part, or the whole part of 10,000 times the fraction.
unsigned DecimalDigits::next_step()
{
    if (whole_ > 0)
        return cells_[static_cast<unsigned>(--whole_)];
    while (begin_ < end_ && cells_[static_cast<unsigned>(begin_)] == 0)
        ++begin_;
    uint32_t carry = 0;
    for (int i = begin_; i < end_; ++i) {
        carry += cells_[static_cast<unsigned>(i)] * kStep;
        cells_[static_cast<unsigned>(i)] = static_cast<uint16_t>(carry);
        carry >>= 16;
    }
    return carry;
}

unsigned DecimalDigits::next()
{
    if (unit_ == 0) {
        step_ = next_step();
        unit_ = kStep / 10;
    }
    const unsigned digit = step_ / unit_;
    step_ %= unit_;
    unit_ /= 10;
    return digit;
}

bool DecimalDigits::rest_is_zero() const
{
    if (step_ != 0)
        return false;
    for (int i = 0; i < whole_; ++i)
        if (cells_[static_cast<unsigned>(i)] != 0)
            return false;
    for (int i = begin_; i < end_; ++i)
        if (cells_[static_cast<unsigned>(i)] != 0)
            return false;
    return true;
}

} // namespace detour
