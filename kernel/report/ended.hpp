// ended.hpp - reports of processes that the kernel ends, in which a stack is shown or is what is wrong
//
// end_for_damaged_stack() is declared in kernel/base/ways_out.hpp.
#pragma once

#include "kernel/base/arch.hpp"

namespace detour
{

// Ends the current process because it has passed a pointer to memory that is not its own to this system call.
[[noreturn]] void end_for_bad_pointer(const arch::UserFrame &frame, const char *call, uint32_t address,
                                      uint32_t bytes, bool for_writing);

} // namespace detour
