#include "arch/x86/device/pit.hpp"

#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/cpu/idt.hpp"

extern "C" {
void clkdisp_jittered();     // jitter.S: restarts the timer, and goes on in clkdisp
void pit_restart_jittered(); // called there
}

namespace detour::arch
{

namespace
{

constexpr Port kChannel0{0x40};
constexpr Port kModeCommand{0x43};
constexpr uint8_t kChannel0LowHighRateGenerator = 0x34; // mode 2 (8254 datasheet, control word)
constexpr uint32_t kInputHertz = 1193182;
constexpr uint32_t kTicksPerSecond = 1000;
constexpr uint32_t kDivisor = (kInputHertz + kTicksPerSecond / 2) / kTicksPerSecond;

constexpr uint8_t kChannel0LowHighOneShot = 0x30; // mode 0: interrupt on terminal count

constinit uint32_t random_state = 0;

// Marsaglia's xorshift: any state but 0.
uint32_t next_random()
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

void start_channel0(uint8_t mode, uint32_t count)
{
    kModeCommand.write(mode);
    kChannel0.write(count & 0xFF);
    kChannel0.write(static_cast<uint8_t>(count >> 8));
}

} // namespace

void pit_initialize()
{
    start_channel0(kChannel0LowHighRateGenerator, kDivisor);
}

void pit_restart()
{
    if (random_state != 0) // else the timer runs on by itself
        pit_restart_jittered();
}

void pit_jitter(uint32_t seed)
{
    random_state = seed * 2 + 1; // not 0
    idt_set_clock_entry(clkdisp_jittered);
    pit_restart_jittered();
}

} // namespace detour::arch

void pit_restart_jittered()
{
    using namespace detour::arch;
    start_channel0(kChannel0LowHighOneShot, kDivisor / 2 + next_random() % kDivisor);
}
