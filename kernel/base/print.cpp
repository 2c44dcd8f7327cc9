#include "kernel/base/print.hpp"

#include "kernel/base/arch.hpp"

namespace detour
{

constinit const Sink console_sink{[](void *, char c) { arch::console_write(c); }, nullptr};

void print(const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    format(console_sink, fmt, arguments);
    va_end(arguments);
}

} // namespace detour
