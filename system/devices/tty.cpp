// tty.cpp - CONSOLE: what processes do with the terminal
#include "kernel/base/console_output.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "system/devices/console_wait.hpp"
#include "system/devices/rows.hpp"

#include <string_view>

using namespace detour;

devcall ttyputc(dentry *, char c)
{
    const DeepSystemCallGuard guard; // the screen may scroll
    while (!console_put(c)) {
        if (!may_wait_for_room(guard.enabled_before())) {
            output_first();
            continue;
        }
        take_or_wait(kConsoleOutput); // always waits: its count is never above 0
        resched();
    }
    return OK;
}

devcall ttygetc(dentry *)
{
    const DeepSystemCallGuard guard; // to resume the console may edit a line
    wait_for_character(&Tty::read_on);
    const char c = console_take();
    if (console_resume())
        resched();
    return console.is_end(c) ? EOF : static_cast<unsigned char>(c);
}

namespace
{

devcall read_line(dentry *device, char *to, uint32 count)
{
    uint32 length = 0;
    while (length < count && (length == 0 || !console.ends_line(to[length - 1]))) {
        const devcall c = ttygetc(device);
        if (c == EOF && length == 0)
            return EOF;
        if (c == EOF)
            break;
        to[length++] = static_cast<char>(c);
    }
    return static_cast<devcall>(length);
}

// So many characters, or with 0 all that are there.
devcall read_characters(dentry *device, char *to, uint32 count)
{
    if (count == 0)
        count = console.available();
    for (uint32 length = 0; length < count; ++length) {
        const devcall c = ttygetc(device);
        if (c == EOF)
            return length == 0 ? EOF : static_cast<devcall>(length);
        to[length] = static_cast<char>(c);
    }
    return static_cast<devcall>(count);
}

devcall next_character()
{
    const DeepSystemCallGuard guard; // as in ttygetc()
    wait_for_character(&Tty::read_on);
    return static_cast<unsigned char>(console.peek());
}

devcall set_mode(Tty::Mode mode)
{
    const DeepSystemCallGuard guard;
    console_set_mode(mode);
    return OK;
}

devcall set_interrupt(pid32 pid, umsg32 message)
{
    const DeepSystemCallGuard guard;
    if (pid != NULLPROC && isbadpid(pid))
        return SYSERR;
    console_interrupts(pid, message);
    return OK;
}

devcall set_line(const char *text, uint32 shown)
{
    const std::string_view line(text, strnlen(text, kLineBytes)); // a bad pointer faults here
    const DeepSystemCallGuard guard;                              // as in ttygetc()
    while (output_room() < EditLine::kMostEcho)
        output_first();
    console.preset(line, shown);
    if (console_resume())
        resched();
    return OK;
}

} // namespace

devcall ttyread(dentry *device, void *buffer, uint32 count)
{
    auto *const to = static_cast<char *>(buffer);
    return console.mode() == Tty::Mode::kCooked ? read_line(device, to, count) : read_characters(device, to, count);
}

devcall ttywrite(dentry *device, const void *buffer, uint32 count)
{
    const auto *from = static_cast<const char *>(buffer);
    for (; count > 0; --count)
        ttyputc(device, *from++);
    return OK;
}

devcall ttycontrol(dentry *, int32 function, int32 first, int32 second)
{
    switch (function) {
    case TC_NEXTC:
        return next_character();
    case TC_MODER:
        return set_mode(Tty::Mode::kRaw);
    case TC_MODEC:
        return set_mode(Tty::Mode::kCooked);
    case TC_MODEK:
        return set_mode(Tty::Mode::kCbreak);
    case TC_ICHARS:
        return static_cast<devcall>(console.available());
    case TC_ECHO:
    case TC_NOECHO:
        console.set_echo(function == TC_ECHO);
        return OK;
    case TC_INTR:
        return set_interrupt(first, static_cast<umsg32>(second));
    case TC_TAB:
        console.set_tab(first != 0);
        return OK;
    case TC_LINE:
        return set_line(reinterpret_cast<const char *>(first), static_cast<uint32>(second));
    default:
        return SYSERR;
    }
}
