#include "arch/x86/device/pic.hpp"

#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/entry/pic.h"

namespace detour::arch
{

namespace
{

constexpr Port kMasterCommand{PIC_MASTER_COMMAND};
constexpr Port kMasterData{0x21};
constexpr Port kSlaveCommand{0xA0};
constexpr Port kSlaveData{0xA1};

// Command words of the 8259A datasheet.
constexpr uint8_t kIcw1EdgeCascadeIcw4 = 0x11;
constexpr uint8_t kIcw4Mode8086 = 0x01;
constexpr uint8_t kOcw2EndOfInterrupt = PIC_END_OF_INTERRUPT;
constexpr uint8_t kOcw3ReadInService = 0x0B;
constexpr uint8_t kOcw3Poll = 0x0C;
constexpr uint8_t kPolledRequest = 0x80;

uint8_t in_service(const Port &command)
{
    command.write(kOcw3ReadInService);
    return command.read();
}

} // namespace

void pic_initialize()
{
    kMasterCommand.write(kIcw1EdgeCascadeIcw4);
    kSlaveCommand.write(kIcw1EdgeCascadeIcw4);
    kMasterData.write(VECTOR_IRQ_BASE);
    kSlaveData.write(VECTOR_IRQ_BASE + 8);
    kMasterData.write(1U << kSlaveIrq); // the master: which lines have a slave
    kSlaveData.write(kSlaveIrq);        // the slave: its own number
    kMasterData.write(kIcw4Mode8086);
    kSlaveData.write(kIcw4Mode8086);
    kMasterData.write(0xFF);
    kSlaveData.write(0xFF);
    pic_unmask(kSlaveIrq);
}

void pic_unmask(unsigned irq)
{
    const Port &data = irq < 8 ? kMasterData : kSlaveData;
    data.write(static_cast<uint8_t>(data.read() & ~(1U << (irq % 8))));
}

void pic_forget_request()
{
    kMasterCommand.write(kOcw3Poll);
    if ((kMasterCommand.read() & kPolledRequest) != 0)
        kMasterCommand.write(kOcw2EndOfInterrupt);
}

void pic_end_of_interrupt(unsigned irq)
{
    if (irq >= 8)
        kSlaveCommand.write(kOcw2EndOfInterrupt);
    kMasterCommand.write(kOcw2EndOfInterrupt);
}

bool pic_is_spurious(unsigned irq)
{
    // A controller that loses the request before the CPU asks for the vector gives its line 7, and does not mark it as
    // in service. The master then saw a real request from the slave, and wants its end.
    if (irq == 7)
        return (in_service(kMasterCommand) & 0x80) == 0;
    if (irq == 15 && (in_service(kSlaveCommand) & 0x80) == 0) {
        kMasterCommand.write(kOcw2EndOfInterrupt);
        return true;
    }
    return false;
}

unsigned pic_in_service()
{
    return in_service(kMasterCommand) | unsigned{in_service(kSlaveCommand)} << 8;
}

// Each command ends the interrupt of the highest priority, whichever it is.
void pic_end_all(unsigned in_service)
{
    for (unsigned irq = 0; irq < 16; ++irq)
        if ((in_service & 1U << irq) != 0)
            (irq < 8 ? kMasterCommand : kSlaveCommand).write(kOcw2EndOfInterrupt);
}

} // namespace detour::arch
