// instructions.hpp - the single instructions of kernel/base/arch.hpp, on an interrupt flag that tests can see
#pragma once

#include <cstdint>

namespace detour::arch
{

constexpr uint32_t kInterruptFlag = 0x200; // EFLAGS.IF

struct FakeCpu {
    bool interrupts_enabled = false; // as after the boot loader
    uint32_t idled = 0;              // calls of idle()
    uint64_t cycles = 0;
};
inline constinit FakeCpu fake_cpu{};

inline uint32_t mask_interrupts()
{
    const uint32_t mask = fake_cpu.interrupts_enabled ? kInterruptFlag : 0;
    fake_cpu.interrupts_enabled = false;
    return mask;
}

inline void enable_interrupts()
{
    fake_cpu.interrupts_enabled = true;
}

inline void restore_interrupts(uint32_t mask)
{
    if (mask != 0)
        enable_interrupts();
}

inline bool interrupts_masked()
{
    return !fake_cpu.interrupts_enabled;
}

inline void idle()
{
    enable_interrupts();
    ++fake_cpu.idled;
}

inline uint64_t cycle_counter()
{
    return ++fake_cpu.cycles;
}

} // namespace detour::arch
