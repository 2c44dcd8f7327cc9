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
constexpr Port kDivisorHigh{kCom1 + 1}; // while kDivisorLatchAccess is set
constexpr Port kFifoControl{kCom1 + 2};
constexpr Port kLineControl{kCom1 + 3};
constexpr Port kModemControl{kCom1 + 4};
constexpr Port kLineStatus{kCom1 + 5};

constexpr uint8_t kReceivedDataAvailable = 0x01; // interrupt enable
constexpr uint8_t kFifoEnableAndClear = 0x07;
constexpr uint8_t kEightBitsNoParity = 0x03;
constexpr uint8_t kDivisorLatchAccess = 0x80;
constexpr uint8_t kDtrRtsOut2 = 0x0B; // OUT2 connects the interrupt line on a PC
constexpr uint8_t kDataReady = 0x01;  // line status
constexpr uint8_t kHoldingEmpty = 0x20;
constexpr uint8_t kTransmitterEmpty = 0x40;

} // namespace

void uart_initialize()
{
    kInterruptEnable.write(0);
    kLineControl.write(kDivisorLatchAccess);
    kDivisorLow.write(1); // 115200 baud
    kDivisorHigh.write(0);
    kLineControl.write(kEightBitsNoParity);
    kFifoControl.write(kFifoEnableAndClear);
    kModemControl.write(kDtrRtsOut2);
    kInterruptEnable.write(kReceivedDataAvailable);
}

void uart_write(char c)
{
    while ((kLineStatus.read() & kHoldingEmpty) == 0) {
    }
    kTransmitterHolding.write(static_cast<uint8_t>(c));
}

void uart_drain()
{
    while ((kLineStatus.read() & kTransmitterEmpty) == 0) {
    }
}

int uart_read()
{
    if ((kLineStatus.read() & kDataReady) == 0)
        return -1;
    return kReceiverBuffer.read();
}

} // namespace detour::arch
