// ended.hpp - ending the current process with a report that shows its stack, or for damage to its stack
//
// end_for_damaged_stack() is declared in kernel/base/ways_out.hpp.
#pragma once

#include "kernel/base/arch.hpp"

namespace detour
{

// Ends the current process because it passed this system call a pointer to memory that is not its own.
[[noreturn]] void end_for_bad_pointer(const arch::UserFrame &frame, const char *call, uint32_t address, uint32_t bytes,
                                      bool for_writing);

} // namespace detour
