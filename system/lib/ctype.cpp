// ctype.cpp - <ctype.h>: ASCII only, so every argument outside 0..127 is in no class
#include "include/libc/ctype.h"

namespace
{

constexpr bool between(int first, int c, int last)
{
    return first <= c && c <= last;
}

} // namespace

extern "C" {

int isdigit(int c) noexcept
{
    return between('0', c, '9');
}

int islower(int c) noexcept
{
    return between('a', c, 'z');
}

int isupper(int c) noexcept
{
    return between('A', c, 'Z');
}

int isalpha(int c) noexcept
{
    return islower(c) || isupper(c);
}

int isalnum(int c) noexcept
{
    return isalpha(c) || isdigit(c);
}

int isxdigit(int c) noexcept
{
    return isdigit(c) || between('a', c, 'f') || between('A', c, 'F');
}

int isblank(int c) noexcept
{
    return c == ' ' || c == '\t';
}

int isspace(int c) noexcept
{
    return c == ' ' || between('\t', c, '\r');
}

int iscntrl(int c) noexcept
{
    return between(0, c, 0x1F) || c == 0x7F;
}

int isprint(int c) noexcept
{
    return between(' ', c, '~');
}

int isgraph(int c) noexcept
{
    return between('!', c, '~');
}

int ispunct(int c) noexcept
{
    return isgraph(c) && !isalnum(c);
}

int tolower(int c) noexcept
{
    return isupper(c) ? c - 'A' + 'a' : c;
}

int toupper(int c) noexcept
{
    return islower(c) ? c - 'a' + 'A' : c;
}

} // extern "C"
