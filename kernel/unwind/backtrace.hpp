// backtrace.hpp - the active functions of a process
#pragma once

#include "kernel/text/format.hpp"
#include "kernel/unwind/stack_owner.hpp"

#include <cstdint>

namespace detour
{

// Prints the functions that are active, innermost first, a line for each:
//     address  function+offset (file:line)
// Identical lines (a recursion) are printed once, with a count. After `functions` lines, `...` stands for the rest.
void print_active_functions(Sink sink, const StackOwner &owner, const MemoryReader &memory, const StackStart &start,
                            uint32_t functions = 0xFFFFFFFF);

} // namespace detour
