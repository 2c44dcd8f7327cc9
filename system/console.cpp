// console.cpp - text out, characters in
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/print.hpp"
#include "kernel/device/console_input.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

} // namespace

int kprintf(const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    const int written = format(console_sink, fmt, arguments);
    va_end(arguments);
    return written;
}

extern "C" [[gnu::alias("kprintf")]] int printf(const char *fmt, ...);

syscall kputc(byte c)
{
    arch::console_write(static_cast<char>(c));
    return OK;
}

syscall kgetc()
{
    const SystemCallGuard guard;
    while (console_empty()) {
        take_or_wait(kConsoleInput); // always waits: its count is never above 0
        resched();
    }
    const char c = console_take();
    if (console_collect()) // there is room again for characters held in the device
        resched();
    return c == kEndOfInput ? EOF : static_cast<unsigned char>(c);
}

int putchar(int c)
{
    kputc(static_cast<byte>(c));
    return c;
}

int getchar()
{
    return kgetc();
}
