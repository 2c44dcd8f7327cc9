// fpu.hpp - the x87: its registers, its switch, its errors
#pragma once

#include <cstdint>

namespace detour::arch
{

constexpr uint32_t kTaskSwitched = 1U << 3; // CR0.TS

// Sets the x87 up, closed: the first floating-point instruction of a process is an exception.
void fpu_initialize();

// Whether exception 7 means that a process wants to use the x87; false on a machine that has none.
bool is_float_forbidden();

// With the next floating-point instruction the CPU raises exception 7 (Intel SDM vol. 3, 2.5: CR0.TS).
inline void set_task_switched()
{
    uint32_t cr0;
    asm volatile("movl %%cr0, %0" : "=r"(cr0));
    asm volatile("movl %0, %%cr0" : : "r"(cr0 | kTaskSwitched));
}

// Why a process that used floating point was ended, in words: ": division by zero". Nothing if the vector is that of
// another exception.
void print_float_error(uint32_t vector);

} // namespace detour::arch
