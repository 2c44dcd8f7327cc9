#include "kernel/text/format_spec.hpp"

#include <cstddef>

namespace detour
{

const char *parse_flags(const char *at, Spec &spec)
{
    for (;; ++at) {
        switch (*at) {
        case '-':
            spec.left = true;
            break;
        case '0':
            spec.zero = true;
            break;
        case '#':
            spec.alternate = true;
            break;
        case '+':
            spec.plus = '+';
            break;
        case ' ':
            if (spec.plus == '\0')
                spec.plus = ' ';
            break;
        default:
            return at;
        }
    }
}

const char *parse_size(const char *at, Spec &spec)
{
    switch (*at) {
    case 'h':
        spec.size = at[1] == 'h' ? sizeof(char) : sizeof(short);
        return at[1] == 'h' ? at + 2 : at + 1;
    case 'l':
        spec.size = at[1] == 'l' ? sizeof(long long) : sizeof(long);
        return at[1] == 'l' ? at + 2 : at + 1;
    case 'L':
        spec.long_double = true;
        return at + 1;
    case 'z':
        spec.size = sizeof(std::size_t);
        return at + 1;
    default:
        return at;
    }
}

} // namespace detour
