// scan.cpp - formatted input: sscanf(), fscanf(), scanf()
#include <xinu.h>
#include <xinu/stdio.h>

#include <stdarg.h>

namespace
{

// Characters of a text or of a device, the next of which can be looked at.
class Input
{
public:
    explicit Input(const char *text) : text_(text) {}
    explicit Input(did32 device) : device_(device) {}

    int peek()
    {
        if (text_ != nullptr)
            return *text_ == NULLCH ? EOF : static_cast<uint8>(*text_);
        if (!has_next_) {
            next_ = control(device_, TC_NEXTC, 0, 0);
            is_taken_ = next_ == SYSERR; // no terminal: the character behind the input is lost to others
            if (is_taken_)
                next_ = getc(device_);
            has_next_ = true;
        }
        return next_ < 0 ? EOF : next_;
    }

    int take()
    {
        const int c = peek();
        if (text_ != nullptr)
            text_ += c == EOF ? 0 : 1;
        else if (!is_taken_)
            getc(device_);
        has_next_ = false;
        return c;
    }

private:
    const char *text_ = nullptr;
    did32 device_ = 0;
    int next_ = 0;
    bool has_next_ = false; // next_ is the next character,
    bool is_taken_ = false; // and the device does not have it any more
};

// What follows a '%'.
struct Directive {
    bool is_ignored;
    bool is_short, is_byte;
    uint32 width;
    char kind;
};

bool is_space(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void skip_spaces(Input &input)
{
    while (is_space(input.peek()))
        input.take();
}

Directive parse(const char *&format)
{
    Directive result{};
    result.is_ignored = *format == '*';
    format += result.is_ignored ? 1 : 0;
    for (; *format >= '0' && *format <= '9'; format++)
        result.width = 10 * result.width + static_cast<uint32>(*format - '0');
    if (result.width == 0)
        result.width = UINT32_MAX;
    for (; *format == 'l' || *format == 'h'; format++) {
        result.is_byte = result.is_short;
        result.is_short = *format == 'h';
    }
    result.kind = *format;
    format += *format == NULLCH ? 0 : 1;
    return result;
}

uint32 digit_of(int c)
{
    if (c >= '0' && c <= '9')
        return static_cast<uint32>(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? static_cast<uint32>(c - 'a' + 10) : UINT32_MAX;
}

void store(const Directive &directive, void *to, uint32 number)
{
    if (directive.is_ignored)
        return;
    if (directive.is_byte)
        *static_cast<uint8 *>(to) = static_cast<uint8>(number);
    else if (directive.is_short)
        *static_cast<uint16 *>(to) = static_cast<uint16>(number);
    else
        *static_cast<uint32 *>(to) = number;
}

bool scan_number(Input &input, const Directive &directive, void *to)
{
    uint32 base = directive.kind == 'o' ? 8 : directive.kind == 'x' || directive.kind == 'X' ? 16 : 10;
    uint32 left = directive.width, digits = 0, number = 0;
    const bool is_negative = input.peek() == '-';
    if ((is_negative || input.peek() == '+') && left-- > 0)
        input.take();
    if (left > 0 && input.peek() == '0' && (base == 16 || directive.kind == 'i')) {
        input.take();
        left--;
        digits = 1;
        const bool is_hexadecimal = left > 0 && (input.peek() | 0x20) == 'x';
        if (is_hexadecimal && left-- > 0)
            input.take();
        if (directive.kind == 'i')
            base = is_hexadecimal ? 16 : 8;
    }
    for (; left > 0 && digit_of(input.peek()) < base; left--, digits++)
        number = base * number + digit_of(input.take());
    if (digits != 0)
        store(directive, to, is_negative ? 0 - number : number);
    return digits != 0;
}

// The end of a set as in "%[^,]": behind its ']', which may be its first character.
const char *end_of_set(const char *set)
{
    set += *set == '^' ? 1 : 0;
    set += *set == ']' ? 1 : 0;
    while (*set != NULLCH && *set != ']')
        set++;
    return *set == NULLCH ? set : set + 1;
}

bool is_in_set(int c, const char *set, const char *end)
{
    const bool is_inverted = *set == '^';
    bool is_there = false;
    for (const char *at = set + (is_inverted ? 1 : 0); at < end - 1; at++) {
        if (at + 3 < end && at[1] == '-') {
            is_there = is_there || (c >= at[0] && c <= at[2]);
            at += 2;
        } else {
            is_there = is_there || c == *at;
        }
    }
    return is_there != is_inverted;
}

// A word, the characters of a set, or, if kind is 'c', so many as the width says, without a NUL.
bool scan_text(Input &input, const Directive &directive, const char *set, const char *set_end, char *to)
{
    uint32 left = directive.kind == 'c' && directive.width == UINT32_MAX ? 1 : directive.width, count = 0;
    for (; left > 0 && input.peek() != EOF; left--, count++) {
        const int c = input.peek();
        if ((directive.kind == 's' && is_space(c)) || (directive.kind == '[' && !is_in_set(c, set, set_end)))
            break;
        input.take();
        if (!directive.is_ignored)
            *to++ = static_cast<char>(c);
    }
    if (directive.kind != 'c' && !directive.is_ignored && count != 0)
        *to = NULLCH;
    return count != 0;
}

// Returns whether the input is as the directive says.
bool scan_one(Input &input, const Directive &directive, const char *&format, void *to)
{
    const char *const set = format;
    switch (directive.kind) {
    case '[':
        format = end_of_set(format);
        return scan_text(input, directive, set, format, static_cast<char *>(to));
    case 'c':
    case 's':
        return scan_text(input, directive, nullptr, nullptr, static_cast<char *>(to));
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        return scan_number(input, directive, to);
    default:
        return false;
    }
}

int scan(Input input, const char *format, va_list arguments)
{
    int stored = 0;
    while (*format != NULLCH) {
        const char c = *format++;
        if (is_space(c)) {
            skip_spaces(input);
            continue;
        }
        if (c != '%' || *format == '%') {
            if (input.peek() != c)
                return stored == 0 && input.peek() == EOF ? EOF : stored;
            input.take();
            format += c == '%' ? 1 : 0;
            continue;
        }
        const Directive directive = parse(format);
        void *const to = directive.is_ignored ? nullptr : va_arg(arguments, void *);
        if (directive.kind != 'c' && directive.kind != '[')
            skip_spaces(input);
        if (input.peek() == EOF)
            return stored == 0 ? EOF : stored;
        if (!scan_one(input, directive, format, to))
            return stored;
        stored += directive.is_ignored ? 0 : 1;
    }
    return stored;
}

} // namespace

[[gnu::weak]] int fscanf(did32 device, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int result = isbaddev(device) ? SYSERR : scan(Input(device), format, arguments);
    va_end(arguments);
    return result;
}

extern "C" {

[[gnu::weak]] int sscanf(const char *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int result = scan(Input(text), format, arguments);
    va_end(arguments);
    return result;
}

[[gnu::weak]] int scanf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int result = scan(Input(xinu_descriptors()[0]), format, arguments);
    va_end(arguments);
    return result;
}
}
