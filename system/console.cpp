// console.cpp - text out, characters in
#include "kernel/base/console_output.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/log.hpp"
#include "kernel/base/print.hpp"
#include "system/devices/console_wait.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

// A sink for format() that writes to a device.
void put_to_device(void *device, char c)
{
    putc(*static_cast<did32 *>(device), c);
}

int format_to_device(did32 device, const char *fmt, va_list arguments)
{
    if (device == CONSOLE)
        return format({[](void *, char c) { ttyputc(nullptr, c); }, nullptr}, fmt, arguments);
    return isbaddev(device) ? SYSERR : format({put_to_device, &device}, fmt, arguments);
}

} // namespace

signed char *xinu_descriptors()
{
    return proctab[currpid].prdesc;
}

int kprintf(const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    const int written = format(console_sink, fmt, arguments);
    va_end(arguments);
    return written;
}

int printf(const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    const int written = format_to_device(xinu_descriptors()[1], fmt, arguments);
    va_end(arguments);
    return written;
}

int fprintf(did32 device, const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    const int written = format_to_device(device, fmt, arguments);
    va_end(arguments);
    return written;
}

syscall kputc(byte c)
{
    output_at_once(static_cast<char>(c));
    return OK;
}

uint32 klog(char *buffer, uint32 bytes)
{
    return log_copy(buffer, bytes);
}

syscall kgetc()
{
    const DeepSystemCallGuard guard; // to resume the console may edit a line
    wait_for_character(&Tty::release_next);
    const char c = console_take();
    if (console_resume())
        resched();
    return console.is_end(c) ? EOF : static_cast<unsigned char>(c);
}

int putchar(int c)
{
    return fputc(c, xinu_descriptors()[1]);
}

int getchar()
{
    return getc(xinu_descriptors()[0]);
}
