#include "arch/x86/device/vga.hpp"

#include "arch/x86/cpu/cpu.hpp"
#include "kernel/device/text_screen.hpp"

namespace detour::arch
{

namespace
{

// Registers of the VGA's CRT controller, in colour modes.
constexpr Port kIndex{0x3D4};
constexpr Port kData{0x3D5};
constexpr uint8_t kStartHigh = 0x0C; // of the first cell that is shown; the low byte is the next register
constexpr uint8_t kCursorHigh = 0x0E;

constexpr uint32_t kTextMemory = 0xB8000;

// Not in .bss, which lies beyond the memory when the image is refused for its size.
[[gnu::section(".data")]] constinit TextScreen screen{};
[[gnu::section(".data")]] constinit uint32_t start = 0;

void write_pair(uint8_t high, uint32_t value)
{
    kIndex.write(high);
    kData.write(static_cast<uint8_t>(value >> 8));
    kIndex.write(static_cast<uint8_t>(high + 1));
    kData.write(static_cast<uint8_t>(value));
}

// Without a VGA, nothing drives the bus, and the cursor's register cannot be read back.
bool is_there()
{
    write_pair(kCursorHigh, 0x0155);
    kIndex.write(kCursorHigh + 1);
    return kData.read() == 0x55;
}

void show()
{
    if (start != screen.start()) {
        start = screen.start();
        write_pair(kStartHigh, start);
    }
    write_pair(kCursorHigh, screen.cursor());
}

} // namespace

[[gnu::section(".data")]] constinit bool vga_in_use = false;

void vga_initialize()
{
    if (!is_there())
        return;
    screen.begin(reinterpret_cast<uint16_t *>(kTextMemory));
    vga_in_use = true;
    write_pair(kStartHigh, 0);
    show();
}

void vga_show(char c)
{
    screen.put(c);
    show();
}

} // namespace detour::arch
