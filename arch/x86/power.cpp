#include "arch/x86/power.hpp"

#include "arch/x86/cpu.hpp"
#include "arch/x86/uart.hpp"
#include "kernel/arch.hpp"

namespace detour::arch
{

namespace
{

// QEMU's isa-debug-exit device: a byte written there ends the emulator with status 2 * byte + 1.
constexpr Port kDebugExit{0xF4};
constexpr std::uint8_t kExitCompleted = 0x10;
constexpr std::uint8_t kExitPanic = 0x11;
constexpr std::uint8_t kExitRefused = 0x12;

// Soft-off on QEMU's ACPI hardware (PM1a control of PIIX4): SLP_EN with the sleep type for S5.
constexpr Port kAcpiPm1aControl{0x604};
constexpr std::uint16_t kSoftOff = 0x2000;

constinit bool has_debug_exit = false;

std::uint8_t exit_value(Ending ending)
{
    switch (ending) {
    case Ending::kCompleted:
        return kExitCompleted;
    case Ending::kPanic:
        return kExitPanic;
    case Ending::kRefused:
        break;
    }
    return kExitRefused;
}

} // namespace

void power_use_debug_exit()
{
    has_debug_exit = true;
}

void power_off(Ending ending)
{
    mask_interrupts();
    uart_drain();
    if (has_debug_exit)
        kDebugExit.write(exit_value(ending));
    else if (ending == Ending::kCompleted)
        kAcpiPm1aControl.write16(kSoftOff);
    for (;;)
        asm volatile("cli; hlt");
}

} // namespace detour::arch
