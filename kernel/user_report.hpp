// user_report.hpp - what is printed about the code of ring-3 processes
#pragma once

#include <cstdint>

namespace detour
{

// Like print_location() and print_call_chain() of report.hpp, for the current process, which is one of ring
// 3: names from its program's file, frames from its own memory, as far as it can be read.
void print_user_location(uint32_t address);
void print_user_call_chain(uint32_t eip, uint32_t ebp);

} // namespace detour
