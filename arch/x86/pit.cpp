#include "arch/x86/pit.hpp"

#include "arch/x86/cpu.hpp"

namespace detour::arch
{

namespace
{

constexpr Port kChannel0{0x40};
constexpr Port kModeCommand{0x43};
constexpr std::uint8_t kChannel0LowHighRateGenerator = 0x34; // mode 2 (8254 datasheet, control word)
constexpr std::uint32_t kInputHertz = 1193182;
constexpr std::uint32_t kTicksPerSecond = 1000;
constexpr std::uint32_t kDivisor = (kInputHertz + kTicksPerSecond / 2) / kTicksPerSecond;

} // namespace

void pit_initialize()
{
    kModeCommand.write(kChannel0LowHighRateGenerator);
    kChannel0.write(kDivisor & 0xFF);
    kChannel0.write(kDivisor >> 8);
}

} // namespace detour::arch
