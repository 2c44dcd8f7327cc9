// cpu_features.hpp - what this CPU can do beyond the i686, switched on where it protects the kernel from ring 3
#pragma once

#include <cstdint>

namespace detour::arch
{

// Switches on SMEP, SMAP and UMIP where the CPU has them, and prepares sysenter.
void cpu_features_initialize();

bool has_smap();

// Needs a CPU with model-specific registers, which has_sysenter() implies.
inline void write_model_specific_register(uint32_t number, uint32_t value)
{
    asm volatile("wrmsr" : : "c"(number), "a"(value), "d"(0));
}

} // namespace detour::arch
