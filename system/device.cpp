// device.cpp - Xinu's device calls, for the only device, the console
#include "kernel/base/print.hpp"

#include <xinu.h>

#include <limits>

namespace
{

constexpr uint32 kMaxCount = std::numeric_limits<devcall>::max(); // the largest count that read() can return

} // namespace

devcall putc(did32 device, char c)
{
    return device == CONSOLE ? kputc(static_cast<byte>(c)) : SYSERR;
}

devcall read(did32 device, char *buffer, uint32 count)
{
    if (device != CONSOLE || count > kMaxCount)
        return SYSERR;
    uint32 length = 0;
    while (length < count && (length == 0 || buffer[length - 1] != '\n')) {
        const syscall c = kgetc();
        if (c == EOF && length == 0)
            return EOF;
        if (c == EOF)
            break;
        buffer[length++] = static_cast<char>(c);
    }
    return static_cast<devcall>(length);
}

devcall write(did32 device, const char *buffer, uint32 count)
{
    if (device != CONSOLE || count > kMaxCount)
        return SYSERR;
    for (; count > 0; --count)
        kputc(static_cast<byte>(*buffer++));
    return OK;
}

int fprintf(did32 device, const char *fmt, ...)
{
    if (device != CONSOLE)
        return SYSERR;
    va_list arguments;
    va_start(arguments, fmt);
    const int written = detour::format(detour::console_sink, fmt, arguments);
    va_end(arguments);
    return written;
}
