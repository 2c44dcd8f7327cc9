#include "kernel/text/format_integer.hpp"

#include <algorithm>
#include <bit>

namespace detour
{

unsigned divide(uint64_t &value, unsigned base)
{
    if (value <= UINT32_MAX) {
        const auto low = static_cast<uint32_t>(value);
        value = low / base;
        return low % base;
    }
    uint64_t quotient = 0;
    unsigned remainder = 0;
    for (int shift = 48; shift >= 0; shift -= 16) {
        remainder = remainder << 16 | static_cast<unsigned>(value >> shift & 0xFFFF);
        quotient = quotient << 16 | remainder / base;
        remainder %= base;
    }
    value = quotient;
    return remainder;
}

void put_integer(Output &output, uint64_t value, unsigned base, Spec &spec)
{
    char digits[22]; // lowest first, as many as %llo can need; binary digits come straight from value
    int count = 0;
    if (base == 2)
        count = static_cast<int>(std::bit_width(value));
    else
        for (uint64_t rest = value; rest != 0; ++count) {
            const unsigned digit = divide(rest, base);
            digits[count] = static_cast<char>(digit < 10 ? '0' + digit : spec.prefix - 'x' + 'a' + digit - 10);
        }

    int zeros = std::max((spec.precision == kNoPrecision ? 1 : spec.precision) - count, 0);
    if (spec.alternate && spec.prefix == 'o' && zeros == 0)
        zeros = 1;
    if (!spec.alternate || spec.prefix == 'o' || value == 0)
        spec.prefix = '\0';
    int length = (spec.sign != '\0' ? 1 : 0) + (spec.prefix != '\0' ? 2 : 0) + zeros + count;
    if (spec.zero && !spec.left && spec.precision == kNoPrecision && length < spec.width) {
        zeros += spec.width - length;
        length = spec.width;
    }

    if (!spec.left)
        output.pad(' ', spec.width - length);
    if (spec.sign != '\0')
        output.put(spec.sign);
    if (spec.prefix != '\0') {
        output.put('0');
        output.put(spec.prefix);
    }
    output.pad('0', zeros);
    while (count > 0) {
        --count;
        output.put(base == 2 ? static_cast<char>('0' + (value >> count & 1)) : digits[count]);
    }
    if (spec.left)
        output.pad(' ', spec.width - length);
}

} // namespace detour
