// first_stack.hpp - what a process begins with, in either ring
#pragma once

#include <cstdint>

namespace detour::arch
{

// Stores directly below `end` the words that ctxsw() restores a process from: it then is at `entry`, with these flags,
// zeros in its registers, and `base`, the address of its stack's highest word, in EBP. Returns the saved stack pointer.
char *store_first_context(uint32_t *end, uint32_t entry, const uint32_t *base, uint32_t eflags);

} // namespace detour::arch
