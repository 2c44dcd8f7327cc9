#include "kernel/base/console_output.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/log.hpp"

#include <array>

namespace detour
{

namespace
{

constinit std::array<char, kOutputBytes> buffer{};

// Not in .bss, which lies beyond the memory when the image is refused for its size.
[[gnu::section(".data")]] constinit uint32_t first = 0;
[[gnu::section(".data")]] constinit uint32_t count = 0;
[[gnu::section(".data")]] constinit bool stopped = false;

char take()
{
    const char c = buffer[first];
    first = (first + 1) % buffer.size();
    --count;
    return c;
}

} // namespace

void output_first()
{
    while (!arch::console_ready()) { // with interrupts as they are: this takes long
    }
    const InterruptGuard guard;
    if (count != 0)
        arch::console_write(take());
}

void output_drain()
{
    while (count != 0)
        output_first();
}

void output_at_once(char c)
{
    if (count != 0) [[unlikely]]
        output_drain();
    log_record(c);
    arch::console_write(c);
}

bool output(char c, uint32_t reserve)
{
    if (count == 0 && !stopped && arch::console_ready()) [[likely]] {
        arch::console_write(c);
        return true;
    }
    if (output_room() <= reserve)
        return false;
    buffer[(first + count) % buffer.size()] = c;
    if (count++ == 0 && !stopped)
        arch::console_interrupt_when_ready(true);
    return true;
}

uint32_t output_room()
{
    return buffer.size() - count;
}

void output_more()
{
    if (stopped || !arch::console_ready()) // the interrupt may be that of a received character
        return;
    for (uint32_t left = arch::console_burst(); left != 0 && count != 0; --left)
        arch::console_send(take());
    if (count == 0)
        arch::console_interrupt_when_ready(false);
}

void output_stop(bool stop)
{
    stopped = stop;
    arch::console_interrupt_when_ready(!stop); // once too often, if there is nothing to send: it then ends by itself
}

} // namespace detour
