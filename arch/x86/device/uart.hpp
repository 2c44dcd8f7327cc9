// uart.hpp - the serial line: a 16550 at COM1, or none
#pragma once

#include <cstdint>

namespace detour::arch
{

void uart_initialize(); // 115200 baud, 8N1, FIFOs on, receive interrupt on

// From now on a CR goes before each LF: at the other end of a real line is a terminal, which wants both. The console of
// an emulator is a file, or a terminal whose driver adds the CR.
void uart_use_crlf();

bool uart_ready();      // takes uart_burst() characters now; without a UART, always
uint32_t uart_burst();  // the size of its FIFO, or half of it if an LF may become two; or 1
void uart_send(char c); // it must be ready
void uart_drain();      // waits until the last character is sent
int uart_read();        // a received character, or -1

void uart_interrupt_when_ready(bool on);
void uart_interrupt_when_received(bool on); // and asks the sender to send (RTS)

// Lowers the interrupt line, and raises it again if there is anything to serve, for a controller that sees edges.
void uart_request_again();

constexpr unsigned kUartIrq = 4;

} // namespace detour::arch
