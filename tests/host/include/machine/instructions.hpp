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

inline uint32_t read_flags()
{
    return fake_cpu.interrupts_enabled ? kInterruptFlag : 0;
}

inline void write_flags(uint32_t flags)
{
    fake_cpu.interrupts_enabled = (flags & kInterruptFlag) != 0;
}

inline bool are_interrupts_enabled_in(uint32_t flags)
{
    return (flags & kInterruptFlag) != 0;
}

inline void disable_interrupts()
{
    fake_cpu.interrupts_enabled = false;
}

inline uint32_t mask_interrupts()
{
    const uint32_t flags = read_flags();
    disable_interrupts();
    return flags;
}

inline void enable_interrupts()
{
    fake_cpu.interrupts_enabled = true;
}

inline bool interrupts_masked()
{
    return !fake_cpu.interrupts_enabled;
}

template <uint32_t> inline void require_stack() {}

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
