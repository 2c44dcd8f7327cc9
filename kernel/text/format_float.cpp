#include "kernel/text/format_float.hpp"

#include "kernel/text/format_rounding.hpp"

#include <algorithm>
#include <bit>
#include <cfloat>

namespace detour
{

namespace
{

constexpr int kDefaultPrecision = 6;

// Everything around the digits: the sign, and what fills the width.
class Field
{
public:
    Field(Output &output, const Spec &spec, bool negative) : output_(output), spec_(spec)
    {
        sign_ = negative ? '-' : spec.plus;
    }

    // length: of what follows, including the prefix, which goes before the zeros.
    void begin(int length, const char *prefix, bool may_have_zeros)
    {
        missing_ = spec_.width - length - (sign_ != '\0' ? 1 : 0);
        const bool zeros = spec_.zero && !spec_.left && may_have_zeros;
        if (!spec_.left && !zeros)
            output_.pad(' ', missing_);
        if (sign_ != '\0')
            output_.put(sign_);
        for (; *prefix != '\0'; ++prefix)
            output_.put(*prefix);
        if (zeros)
            output_.pad('0', missing_);
    }

    void end()
    {
        if (spec_.left)
            output_.pad(' ', missing_);
    }

private:
    Output &output_;
    const Spec &spec_;
    char sign_;
    int missing_ = 0;
};

void put_word(Field &field, Output &output, const char *word, bool upper)
{
    int length = 0;
    while (word[length] != '\0')
        ++length;
    field.begin(length, "", false);
    for (; *word != '\0'; ++word)
        output.put(upper && *word >= 'a' && *word <= 'z' ? static_cast<char>(*word - 'a' + 'A') : *word);
    field.end();
}

int decimal_length(unsigned value, int least)
{
    int length = 1;
    for (; value >= 10; value /= 10)
        ++length;
    return std::max(length, least);
}

void put_exponent(Output &output, char letter, int exponent, int least)
{
    const auto size = static_cast<unsigned>(exponent < 0 ? -exponent : exponent);
    output.put(letter);
    output.put(exponent < 0 ? '-' : '+');
    unsigned unit = 1;
    for (int i = decimal_length(size, least); i > 1; --i)
        unit *= 10;
    for (; unit != 0; unit /= 10)
        output.put(static_cast<char>('0' + size / unit % 10));
}

// d.ddde+dd; letter: e or E.
void put_scientific(Field &field, Output &output, RoundedDigits &digits, int precision, bool point, char letter)
{
    const int exponent = digits.exponent();
    const auto size = static_cast<unsigned>(exponent < 0 ? -exponent : exponent);
    field.begin(1 + (point ? 1 : 0) + precision + 2 + decimal_length(size, 2), "", true);
    output.put(digits.next());
    if (point)
        output.put('.');
    for (int i = 0; i < precision; ++i)
        output.put(digits.next());
    put_exponent(output, letter, exponent, 2);
    field.end();
}

// ddd.ddd
void put_fixed(Field &field, Output &output, RoundedDigits &digits, int precision, bool point)
{
    const int highest = std::max(digits.exponent(), 0);
    field.begin(highest + 1 + (point ? 1 : 0) + precision, "", true);
    for (int power = highest; power >= -precision; --power) {
        output.put(power > digits.exponent() ? '0' : digits.next());
        if (power == 0 && point)
            output.put('.');
    }
    field.end();
}

// Whichever of the two is shorter, with `count` significant digits; trailing zeros are left out.
void put_general(Field &field, Output &output, RoundedDigits &digits, int count, bool alternate, char letter)
{
    digits.round(count);
    const int exponent = digits.exponent();
    const int precision = alternate ? count - 1 : std::max(digits.significant(), 1) - 1;
    if (exponent < -4 || exponent >= count)
        return put_scientific(field, output, digits, precision, precision > 0 || alternate, letter);
    const int behind_point = std::max(precision - exponent, 0);
    put_fixed(field, output, digits, behind_point, behind_point > 0 || alternate);
}

// 0xh.hhhp+d; letter: a or A.
void put_hexadecimal(Field &field, Output &output, const Float &value, const Spec &spec, char letter)
{
    const int all = value.fraction_bits / 4;
    uint64_t mantissa = value.mantissa;
    int precision = spec.precision;
    if (precision == kNoPrecision)
        for (precision = all; precision > 0 && (mantissa >> (all - precision) * 4 & 0xF) == 0;)
            --precision;
    if (precision < all) {
        const int dropped = (all - precision) * 4;
        const uint64_t half = uint64_t{1} << (dropped - 1);
        const uint64_t rest = mantissa & (2 * half - 1);
        mantissa = (mantissa >> dropped) + (rest > half || (rest == half && (mantissa >> dropped & 1) != 0));
    } else {
        precision = std::max(precision, all);
    }
    const int shown = std::min(precision, all);
    const int exponent = value.mantissa == 0 ? 0 : value.exponent + value.fraction_bits;
    const bool point = precision > 0 || spec.alternate;
    const auto size = static_cast<unsigned>(exponent < 0 ? -exponent : exponent);
    field.begin(2 + 1 + (point ? 1 : 0) + precision + 2 + decimal_length(size, 1), letter == 'a' ? "0x" : "0X", true);
    for (int i = shown; i >= 0; --i) {
        const auto digit = static_cast<unsigned>(mantissa >> i * 4 & 0xF);
        output.put(static_cast<char>(digit < 10 ? '0' + digit : letter + digit - 10));
        if (i == shown && point)
            output.put('.');
    }
    output.pad('0', precision - shown);
    put_exponent(output, letter == 'a' ? 'p' : 'P', exponent, 1);
    field.end();
}

void put_decimal(Field &field, Output &output, const Float &value, char conversion, const Spec &spec)
{
    RoundedDigits digits(value.mantissa, value.exponent);
    const int precision = spec.precision == kNoPrecision ? kDefaultPrecision : spec.precision;
    const bool point = precision > 0 || spec.alternate;
    switch (conversion) {
    case 'e':
    case 'E':
        digits.round(precision + 1);
        return put_scientific(field, output, digits, precision, point, conversion);
    case 'f':
    case 'F': {
        const int count = digits.exponent() + 1 + precision;
        if (count >= 0) // otherwise even its first digit lies beyond the precision
            digits.round(count);
        return put_fixed(field, output, digits, precision, point);
    }
    default:
        return put_general(field, output, digits, std::max(precision, 1), spec.alternate,
                           conversion == 'g' ? 'e' : 'E');
    }
}

} // namespace

Float float_of(double value) // IEEE 754 binary64
{
    constexpr int kFractionBits = 52;
    constexpr int kLowest = -1074;
    const auto bits = std::bit_cast<uint64_t>(value);
    const uint64_t fraction = bits & ((uint64_t{1} << kFractionBits) - 1);
    const int biased = static_cast<int>(bits >> kFractionBits & 0x7FF);
    const bool negative = bits >> 63 != 0;
    if (biased == 0x7FF)
        return {negative, fraction == 0 ? Float::Kind::kInfinity : Float::Kind::kNotANumber, 0, 0, 0};
    if (biased == 0)
        return {negative, Float::Kind::kNumber, fraction, kLowest, kFractionBits};
    return {negative, Float::Kind::kNumber, fraction | uint64_t{1} << kFractionBits, kLowest - 1 + biased,
            kFractionBits};
}

Float float_of(long double value)
{
#if LDBL_MANT_DIG == 64               // the x87 format (Intel SDM vol. 1, 4.2.2)
    constexpr int kFractionBits = 60; // the highest bit of the mantissa is part of it
    constexpr int kBias = 16383 + 63;
    struct {
        uint64_t mantissa;
        uint16_t sign_and_exponent;
    } bits;
    __builtin_memcpy(&bits, &value, 10);
    const int biased = bits.sign_and_exponent & 0x7FFF;
    const bool negative = bits.sign_and_exponent >> 15 != 0;
    if (biased == 0x7FFF)
        return {negative, bits.mantissa << 1 == 0 ? Float::Kind::kInfinity : Float::Kind::kNotANumber, 0, 0, 0};
    return {negative, Float::Kind::kNumber, bits.mantissa, bits.mantissa == 0 ? 0 : std::max(biased, 1) - kBias,
            kFractionBits};
#else // only on hosts that run the tests
    return float_of(static_cast<double>(value));
#endif
}

void put_float(Output &output, const Float &value, char conversion, const Spec &spec)
{
    const bool upper = conversion >= 'A' && conversion <= 'Z';
    Field field(output, spec, value.negative);
    if (value.kind != Float::Kind::kNumber)
        return put_word(field, output, value.kind == Float::Kind::kInfinity ? "inf" : "nan", upper);
    if (conversion == 'a' || conversion == 'A')
        return put_hexadecimal(field, output, value, spec, conversion);
    if (!DecimalDigits::in_range(value.exponent))
        return put_word(field, output, "(beyond double)", false);
    put_decimal(field, output, value, conversion, spec);
}

} // namespace detour
