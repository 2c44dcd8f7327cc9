// uart.hpp - the serial console: a 16550 at COM1
#pragma once

namespace detour::arch
{

void uart_initialize();  // 115200 baud, 8N1, FIFOs on, receive interrupt on
void uart_write(char c); // waits until the transmitter takes it
void uart_drain();       // waits until the last character is sent
int uart_read();         // a received character, or -1

constexpr unsigned kUartIrq = 4;

} // namespace detour::arch
