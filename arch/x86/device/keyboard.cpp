#include "arch/x86/device/keyboard.hpp"

#include "arch/x86/cpu/cpu.hpp"
#include "kernel/device/scan_codes.hpp"

#include <cstdint>
#include <string_view>

namespace detour::arch
{

namespace
{

// The 8042 keyboard controller.
constexpr Port kData{0x60};
constexpr Port kStatus{0x64};
constexpr uint8_t kOutputFull = 0x01;
constexpr uint8_t kFromMouse = 0x20;
constexpr uint8_t kAbsent = 0xFF; // nothing drives the bus

constexpr uint32_t kMostCodes = 64; // at once: more than a keyboard and its controller hold

constinit bool in_use = false;
constinit ScanCodes codes{};
constinit std::string_view typed{}; // what has not been read yet of the last key

// A code from the keyboard; 0, which no key has, for one of the mouse; -1 if there is none.
int take_code()
{
    const uint8_t status = kStatus.read();
    if (status == kAbsent || (status & kOutputFull) == 0)
        return -1;
    const uint8_t code = kData.read();
    return (status & kFromMouse) != 0 ? 0 : code;
}

} // namespace

void keyboard_initialize()
{
    for (uint32_t count = 0; count < kMostCodes && take_code() >= 0; ++count) {
    }
    in_use = true;
}

int keyboard_read()
{
    if (!in_use)
        return -1;
    for (uint32_t count = 0; typed.empty(); ++count) {
        const int code = count < kMostCodes ? take_code() : -1;
        if (code < 0)
            return -1;
        typed = codes.decode(static_cast<uint8_t>(code));
    }
    const auto c = static_cast<unsigned char>(typed.front());
    typed.remove_prefix(1);
    return c;
}

} // namespace detour::arch
