#include "kernel/base/print.hpp"

#include "kernel/base/console_output.hpp"

namespace detour
{

constinit const Sink console_sink{[](void *, char c) { output_at_once(c); }, nullptr};

void print(const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    format(console_sink, fmt, arguments);
    va_end(arguments);
}

} // namespace detour
