// eflags.hpp - the CPU's EFLAGS
#pragma once

#include <cstdint>

// Returns whether this QEMU shows EFLAGS to plugins; must be called before read_eflags().
bool can_read_eflags();

// EFLAGS before the instruction that is about to be executed; its condition flags may be out of date.
extern uint32_t (*read_eflags)();
