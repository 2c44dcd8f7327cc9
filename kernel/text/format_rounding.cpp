#include "kernel/text/format_rounding.hpp"

namespace detour
{

RoundedDigits::RoundedDigits(uint64_t mantissa, int exponent) : mantissa_(mantissa), binary_exponent_(exponent)
{
    if (is_zero())
        return;
    digits_.start(mantissa, exponent);
    exponent_ = digits_.exponent();
}

void RoundedDigits::round(int count)
{
    if (is_zero())
        return;
    unsigned digit = 0;
    for (int i = 0; i < count; ++i) {
        digit = digits_.next();
        if (digit != 9)
            last_below_nine_ = i;
        if (digit != 0)
            significant_ = i + 1;
    }
    const unsigned dropped = digits_.next();
    up_ = dropped > 5 || (dropped == 5 && (digit % 2 != 0 || !digits_.rest_is_zero()));
    if (up_ && last_below_nine_ < 0)
        ++exponent_;
    if (up_)
        significant_ = last_below_nine_ < 0 ? 1 : last_below_nine_ + 1;
    digits_.start(mantissa_, binary_exponent_);
}

char RoundedDigits::next()
{
    const int position = position_++;
    if (is_zero())
        return '0';
    if (!up_ || position < last_below_nine_)
        return static_cast<char>('0' + digits_.next());
    if (position > last_below_nine_)
        return position == 0 ? '1' : '0'; // the new first digit, if all were nines
    return static_cast<char>('0' + digits_.next() + 1);
}

} // namespace detour
