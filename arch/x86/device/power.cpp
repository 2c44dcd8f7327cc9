#include "arch/x86/device/power.hpp"

#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/device/uart.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/console_output.hpp"

namespace detour::arch
{

namespace
{

// QEMU's isa-debug-exit device: a byte written there ends the emulator with status 2 * byte + 1.
constexpr Port kDebugExit{0xF4};
constexpr uint8_t kExitCompleted = 0x10;
constexpr uint8_t kExitPanic = 0x11;
constexpr uint8_t kExitRefused = 0x12;
constexpr uint8_t kExitLimit = 0x13;

// Bochs ends when it receives this word at its shutdown port. What is written to the port for messages of the BIOS is a
// line in its log. (iodev/unmapped.cc and iodev/biosdev.cc of Bochs 2.7)
constexpr Port kBochsShutdown{0x8900};
constexpr Port kBochsLog{0x402};

// Soft-off on QEMU's ACPI hardware (PM1a control of PIIX4): SLP_EN with the sleep type for S5.
constexpr Port kAcpiPm1aControl{0x604};
constexpr uint16_t kSoftOff = 0x2000;

enum class Switch : uint8_t { kAcpi, kDebugExit, kBochs };
// Not in .bss, which lies beyond the memory when the image is refused for its size.
[[gnu::section(".data")]] constinit Switch power_switch = Switch::kAcpi;

uint8_t exit_value(Ending ending)
{
    switch (ending) {
    case Ending::kCompleted:
        return kExitCompleted;
    case Ending::kPanic:
        return kExitPanic;
    case Ending::kLimit:
        return kExitLimit;
    case Ending::kRefused:
        break;
    }
    return kExitRefused;
}

// The line of tools/run/bochs.py.
const char *bochs_message(Ending ending)
{
    switch (ending) {
    case Ending::kCompleted:
        return "Detour: powered off\n";
    case Ending::kPanic:
        return "Detour: panic\n";
    case Ending::kLimit: // needs a device that Bochs does not have here
    case Ending::kRefused:
        break;
    }
    return "Detour: refused\n";
}

void write_text(Port port, const char *text)
{
    for (; *text != '\0'; ++text)
        port.write(static_cast<uint8_t>(*text));
}

} // namespace

void power_use_debug_exit()
{
    power_switch = Switch::kDebugExit;
}

// QEMU's device reads as 0. Where there is none, nothing drives the bus.
bool power_has_debug_exit()
{
    return kDebugExit.read() == 0;
}

void power_use_bochs()
{
    power_switch = Switch::kBochs;
}

void power_off(Ending ending)
{
    mask_interrupts();
    output_drain();
    uart_drain();
    if (power_switch == Switch::kDebugExit) {
        kDebugExit.write(exit_value(ending));
    } else if (power_switch == Switch::kBochs) {
        write_text(kBochsLog, bochs_message(ending));
        write_text(kBochsShutdown, "Shutdown");
    } else if (ending == Ending::kCompleted) {
        kAcpiPm1aControl.write16(kSoftOff);
    }
    for (;;)
        asm volatile("cli; hlt");
}

} // namespace detour::arch
