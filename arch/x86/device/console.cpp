// console.cpp - the console of the contract: the serial line, and the screen and the keyboard beside it
#include "arch/x86/device/keyboard.hpp"
#include "arch/x86/device/uart.hpp"
#include "arch/x86/device/vga.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/interrupt_guard.hpp"

namespace detour::arch
{

// The device is asked with interrupts masked: the transmit interrupt may send a character in between.
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

// The keyboard first. What is left in either device makes it interrupt again.
int console_read()
{
    const int c = keyboard_read();
    return c < 0 ? uart_read() : c;
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
    vga_put(c);
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
