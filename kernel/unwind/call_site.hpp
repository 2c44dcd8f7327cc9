// call_site.hpp - whether a call ends at an address, by the bytes before it
//
// Instructions have different lengths, so code cannot be read backwards with certainty: what looks like a
// call may be the end of other instructions. But where nothing looks like one, none is.
#pragma once

#include "kernel/unwind/process_code.hpp"

#include <cstdint>

namespace detour
{

// Whether the instruction before this address calls the callee, or some function through a pointer: E8 and
// the distance, or FF /2 (Intel SDM vol. 2, CALL). For addresses of which it is open whether they are return
// addresses: of an offset to a pointer, only one that is near counts as such.
bool is_behind_call(const MemoryReader &memory, uint32_t address, uint32_t callee);

// Whether no instruction that ends at this address can be a call, of anything in this code. False also if the
// bytes before it cannot be read.
bool is_behind_no_call(const ProcessCode &code, const MemoryReader &memory, uint32_t address);

} // namespace detour
