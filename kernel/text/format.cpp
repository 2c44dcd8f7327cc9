// format.cpp - the printf engine; its stack use is part of the contract, since every process may print
#include "kernel/text/format.hpp"

#include "kernel/text/format_float.hpp"
#include "kernel/text/format_integer.hpp"
#include "kernel/text/format_output.hpp"
#include "kernel/text/format_spec.hpp"

#include <algorithm>
#include <cstdint>

namespace detour
{
namespace
{

constexpr int kLargestField = 32767; // limit of width and precision: a wild one must not print for minutes

// One call of format(): its sink, its arguments and how much it has written.
class Formatter
{
public:
    Formatter(Sink sink, va_list arguments) : output_(sink) { va_copy(arguments_, arguments); }
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
    Float take_float(const Spec &spec);
    void put_text(const char *text, int length, const Spec &spec);
    void put_string(const char *text, const Spec &spec);

    Output output_;
    va_list arguments_;
};

int Formatter::run(const char *text)
{
    while (*text != '\0') {
        if (*text != '%') {
            output_.put(*text++);
            continue;
        }
        Spec spec;
        const char *end = parse(text + 1, spec);
        const bool known = convert(*end, spec);
        if (*end != '\0')
            ++end;
        while (!known && text != end)
            output_.put(*text++);
        text = end;
    }
    return output_.written();
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

// Reads a decimal number or the argument of a '*' into field, cut at kLargestField either way; leaves it alone if there
// is neither.
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

// Prints the next argument. Returns false, having printed nothing, if the conversion is unknown.
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
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        put_float(output_, take_float(spec), conversion, spec);
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
        output_.put('%');
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

// Uses no floating-point instruction: works on the bits alone.
Float Formatter::take_float(const Spec &spec)
{
    return spec.long_double ? float_of(va_arg(arguments_, long double)) : float_of(va_arg(arguments_, double));
}

void Formatter::put_signed(Spec &spec)
{
    const unsigned unused = 8U * (sizeof(uint64_t) - spec.size);
    const auto value = static_cast<int64_t>(take_unsigned(spec) << unused) >> unused;
    const auto bits = static_cast<uint64_t>(value);
    spec.sign = value < 0 ? '-' : spec.plus;
    put_integer(output_, value < 0 ? 0 - bits : bits, 10, spec);
}

void Formatter::put_unsigned(unsigned base, char prefix, Spec &spec)
{
    spec.prefix = prefix;
    put_integer(output_, take_unsigned(spec), base, spec);
}

void Formatter::put_text(const char *text, int length, const Spec &spec)
{
    if (!spec.left)
        output_.pad(' ', spec.width - length);
    for (int i = 0; i < length; ++i)
        output_.put(text[i]);
    if (spec.left)
        output_.pad(' ', spec.width - length);
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
