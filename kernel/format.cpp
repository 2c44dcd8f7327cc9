// format.cpp - the printf engine; its stack use is part of the contract, since every process may print
#include "kernel/format.hpp"

#include "kernel/format_spec.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace detour
{
namespace
{

constexpr int kLargestField = 32767; // of a width or precision: a wild one must not print for minutes

// Divides value by base (at most 16) in place and returns the remainder. In steps of 16 bits, because 32-bit
// code has no 64-bit division and libgcc's takes much stack.
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

// One call of format(): its sink, its arguments and how much it has written.
class Formatter
{
public:
    Formatter(Sink sink, va_list arguments) : sink_(sink) { va_copy(arguments_, arguments); }
    ~Formatter() { va_end(arguments_); }
    Formatter(const Formatter &) = delete;
    Formatter &operator=(const Formatter &) = delete;

    int run(const char *text);

private:
    const char *parse(const char *at, Spec &spec);
    const char *parse_field(const char *at, int &field);
    bool convert(char conversion, Spec &spec);
    uint64_t take_unsigned(const Spec &spec);
    void put_signed(Spec &spec);
    void put_unsigned(unsigned base, char prefix, Spec &spec);
    void put_number(uint64_t value, unsigned base, Spec &spec);
    void put_text(const char *text, int length, const Spec &spec);
    void put_string(const char *text, const Spec &spec);

    void put(char c)
    {
        sink_.put(sink_.context, c);
        ++written_;
    }

    void pad(char c, int count)
    {
        for (; count > 0; --count)
            put(c);
    }

    Sink sink_;
    va_list arguments_;
    int written_ = 0;
};

int Formatter::run(const char *text)
{
    while (*text != '\0') {
        if (*text != '%') {
            put(*text++);
            continue;
        }
        Spec spec;
        const char *end = parse(text + 1, spec);
        const bool known = convert(*end, spec);
        if (*end != '\0')
            ++end;
        while (!known && text != end)
            put(*text++);
        text = end;
    }
    return written_;
}

const char *Formatter::parse(const char *at, Spec &spec)
{
    at = parse_field(parse_flags(at, spec), spec.width);
    if (spec.width < 0) { // only from an argument
        spec.left = true;
        spec.width = -spec.width;
    }
    if (*at == '.') {
        spec.precision = 0;
        at = parse_field(at + 1, spec.precision);
        if (spec.precision < 0)
            spec.precision = kNoPrecision;
    }
    return parse_size(at, spec);
}

// Reads a decimal number or the argument of a '*' into field, cut at kLargestField either way; leaves it
// alone if there is neither.
const char *Formatter::parse_field(const char *at, int &field)
{
    if (*at == '*') {
        field = std::clamp(va_arg(arguments_, int), -kLargestField, kLargestField);
        return at + 1;
    }
    for (; *at >= '0' && *at <= '9'; ++at)
        field = std::min(field * 10 + (*at - '0'), kLargestField);
    return at;
}

// Prints the next argument, and says whether the conversion is one that it knows.
bool Formatter::convert(char conversion, Spec &spec)
{
    switch (conversion) {
    case 'd':
    case 'i':
        put_signed(spec);
        return true;
    case 'u':
        put_unsigned(10, '\0', spec);
        return true;
    case 'x':
    case 'X':
        put_unsigned(16, conversion, spec);
        return true;
    case 'o':
        put_unsigned(8, 'o', spec);
        return true;
    case 'b':
        put_unsigned(2, 'b', spec);
        return true;
    case 'p':
        spec.alternate = true;
        spec.size = sizeof(void *);
        put_unsigned(16, 'x', spec);
        return true;
    case 'c': {
        const char c = static_cast<char>(va_arg(arguments_, int));
        put_text(&c, 1, spec);
        return true;
    }
    case 's':
        put_string(va_arg(arguments_, const char *), spec);
        return true;
    case '%':
        put('%');
        return true;
    default:
        return false;
    }
}

uint64_t Formatter::take_unsigned(const Spec &spec)
{
    if (spec.size == sizeof(uint64_t))
        return va_arg(arguments_, unsigned long long);
    const unsigned value = va_arg(arguments_, unsigned); // char and short arrive as int
    const unsigned unused = 8 * (sizeof value - spec.size);
    return value << unused >> unused;
}

void Formatter::put_signed(Spec &spec)
{
    const unsigned unused = 8U * (sizeof(uint64_t) - spec.size);
    const auto value = static_cast<std::int64_t>(take_unsigned(spec) << unused) >> unused;
    const auto bits = static_cast<uint64_t>(value);
    spec.sign = value < 0 ? '-' : spec.plus;
    put_number(value < 0 ? 0 - bits : bits, 10, spec);
}

void Formatter::put_unsigned(unsigned base, char prefix, Spec &spec)
{
    spec.prefix = prefix;
    put_number(take_unsigned(spec), base, spec);
}

// The letter case of hexadecimal digits is that of the prefix.
void Formatter::put_number(uint64_t value, unsigned base, Spec &spec)
{
    char digits[22]; // lowest first, as many as %llo may need; binary ones come straight from value
    int count = 0;
    if (base == 2)
        count = static_cast<int>(std::bit_width(value));
    else
        for (uint64_t rest = value; rest != 0; ++count) {
            const unsigned digit = divide(rest, base);
            digits[count] =
                static_cast<char>(digit < 10 ? '0' + digit : spec.prefix - 'x' + 'a' + digit - 10);
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
        pad(' ', spec.width - length);
    if (spec.sign != '\0')
        put(spec.sign);
    if (spec.prefix != '\0') {
        put('0');
        put(spec.prefix);
    }
    pad('0', zeros);
    while (count > 0) {
        --count;
        put(base == 2 ? static_cast<char>('0' + (value >> count & 1)) : digits[count]);
    }
    if (spec.left)
        pad(' ', spec.width - length);
}

void Formatter::put_text(const char *text, int length, const Spec &spec)
{
    if (!spec.left)
        pad(' ', spec.width - length);
    for (int i = 0; i < length; ++i)
        put(text[i]);
    if (spec.left)
        pad(' ', spec.width - length);
}

void Formatter::put_string(const char *text, const Spec &spec)
{
    if (text == nullptr)
        text = "(null)";
    int length = 0;
    while ((spec.precision == kNoPrecision || length < spec.precision) && text[length] != '\0')
        ++length;
    put_text(text, length, spec);
}

} // namespace

int format(Sink sink, const char *fmt, va_list arguments)
{
    return Formatter(sink, arguments).run(fmt);
}

int print(Sink sink, const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    const int written = format(sink, fmt, arguments);
    va_end(arguments);
    return written;
}

} // namespace detour
