// format_spec.hpp - the part of a conversion specification between '%' and the conversion letter
#pragma once

#include <cstdint>

namespace detour
{

constexpr int kNoPrecision = -1;

// A conversion's flags, width, precision and length.
struct Spec {
    bool left = false;
    bool zero = false;
    bool alternate = false;
    char plus = '\0';           // shown before a signed number that is not negative: '+', ' ' or none
    char sign = '\0';           // of this number, or none
    char prefix = '\0';         // added by '#': the letter after a zero, or 'o' for just a leading zero
    uint8_t size = sizeof(int); // bytes of the integer argument
    bool long_double = false;   // the type of the floating-point argument
    int width = 0;
    int precision = kNoPrecision;
};

// Parse the text at `at` into spec and return a pointer to the text after it.
const char *parse_flags(const char *at, Spec &spec);
const char *parse_size(const char *at, Spec &spec);

} // namespace detour
