// backtrace.hpp - the functions in which a process is
#pragma once

#include "kernel/text/format.hpp"
#include "kernel/unwind/stack_owner.hpp"

#include <cstdint>

namespace detour
{

// Prints the functions that are active, innermost first, a line for each:
//     address  function+offset (file:line)
// Lines that are the same (a recursion) are one and a count. After as many lines as `functions`, `...` stands
// for the rest.
void print_active_functions(Sink sink, const StackOwner &owner, const MemoryReader &memory,
                            const StackStart &start, uint32_t functions = 0xFFFFFFFF);

} // namespace detour
