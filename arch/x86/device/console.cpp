// console.cpp - the console of the contract: the serial line
#include "arch/x86/device/uart.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/interrupt_guard.hpp"

namespace detour::arch
{

// Another character may come in between, by the transmit interrupt: so the device is asked again with interrupts
// masked.
void console_write(char c)
{
    for (;;) {
        const InterruptGuard guard;
        if (uart_ready()) {
            console_send(c);
            return;
        }
    }
}

int console_read()
{
    return uart_read();
}

bool console_ready()
{
    return uart_ready();
}

uint32_t console_burst()
{
    return uart_burst();
}

void console_send(char c)
{
    uart_send(c);
}

void console_interrupt_when_ready(bool on)
{
    uart_interrupt_when_ready(on);
}

void console_interrupt_when_received(bool on)
{
    uart_interrupt_when_received(on);
}

} // namespace detour::arch
