#include "arch/x86/device/uart.hpp"

#include "arch/x86/cpu/cpu.hpp"

namespace detour::arch
{

namespace
{

// Registers and bits under the names of the PC16550D datasheet, table 2.
constexpr uint16_t kCom1 = 0x3F8;
constexpr Port kReceiverBuffer{kCom1 + 0};
constexpr Port kTransmitterHolding{kCom1 + 0};
constexpr Port kDivisorLow{kCom1 + 0}; // while kDivisorLatchAccess is set
constexpr Port kInterruptEnable{kCom1 + 1};
constexpr Port kDivisorHigh{kCom1 + 1};             // while kDivisorLatchAccess is set
constexpr Port kFifoControl{kCom1 + 2};             // written
constexpr Port kInterruptIdentification{kCom1 + 2}; // read
constexpr Port kLineControl{kCom1 + 3};
constexpr Port kModemControl{kCom1 + 4};
constexpr Port kLineStatus{kCom1 + 5};
constexpr Port kScratch{kCom1 + 7};

constexpr uint8_t kReceivedDataAvailable = 0x01; // interrupt enable
constexpr uint8_t kTransmitterHoldingEmpty = 0x02;
constexpr uint8_t kFifoEnableAndClear = 0x07;
constexpr uint8_t kFifosEnabled = 0xC0; // interrupt identification
constexpr uint8_t kEightBitsNoParity = 0x03;
constexpr uint8_t kDivisorLatchAccess = 0x80;
constexpr uint8_t kDtrOut2 = 0x09; // OUT2 connects the interrupt line on a PC
constexpr uint8_t kRts = 0x02;
constexpr uint8_t kDataReady = 0x01; // line status
constexpr uint8_t kHoldingEmpty = 0x20;
constexpr uint8_t kTransmitterEmpty = 0x40;

constexpr uint32_t kFifoBytes = 16;

// Not in .bss, which lies beyond the memory when the image is refused for its size.
[[gnu::section(".data")]] constinit bool present = false;
[[gnu::section(".data")]] constinit bool has_fifo = false;
[[gnu::section(".data")]] constinit uint8_t interrupts = 0;
[[gnu::section(".data")]] constinit bool crlf = false;

// Without a UART, nothing drives the bus.
bool is_there()
{
    kScratch.write(0x5A);
    return kScratch.read() == 0x5A;
}

void set_interrupt(uint8_t which, bool on)
{
    interrupts = static_cast<uint8_t>(on ? interrupts | which : interrupts & ~which);
    if (present)
        kInterruptEnable.write(interrupts);
}

bool status(uint8_t bit)
{
    return !present || (kLineStatus.read() & bit) != 0;
}

} // namespace

void uart_initialize()
{
    present = is_there();
    if (!present)
        return;
    kInterruptEnable.write(0);
    kLineControl.write(kDivisorLatchAccess);
    kDivisorLow.write(1); // 115200 baud
    kDivisorHigh.write(0);
    kLineControl.write(kEightBitsNoParity);
    kFifoControl.write(kFifoEnableAndClear);
    has_fifo = (kInterruptIdentification.read() & kFifosEnabled) == kFifosEnabled; // not an 8250, nor a 16450
    uart_interrupt_when_received(true);
}

void uart_use_crlf()
{
    crlf = true;
}

bool uart_ready()
{
    return status(kHoldingEmpty);
}

uint32_t uart_burst()
{
    const uint32_t bytes = has_fifo ? kFifoBytes : 1;
    return crlf && has_fifo ? bytes / 2 : bytes;
}

void uart_send(char c)
{
    if (!present)
        return;
    if (c == '\n' && crlf) {
        kTransmitterHolding.write('\r');
        while (!has_fifo && !status(kHoldingEmpty)) {
        }
    }
    kTransmitterHolding.write(static_cast<uint8_t>(c));
}

void uart_drain()
{
    while (!status(kTransmitterEmpty)) {
    }
}

void uart_request_again()
{
    if (!present)
        return;
    kInterruptEnable.write(0);
    kInterruptEnable.write(interrupts);
}

int uart_read()
{
    if (!present || (kLineStatus.read() & kDataReady) == 0)
        return -1;
    return kReceiverBuffer.read();
}

void uart_interrupt_when_ready(bool on)
{
    set_interrupt(kTransmitterHoldingEmpty, on);
}

void uart_interrupt_when_received(bool on)
{
    set_interrupt(kReceivedDataAvailable, on);
    if (present)
        kModemControl.write(static_cast<uint8_t>(kDtrOut2 | (on ? kRts : 0)));
}

} // namespace detour::arch
