// call_site.hpp - whether a call ends at an address, by the bytes before it
//
// Instructions vary in length, so code cannot be decoded backwards with certainty: bytes that look like a call may be
// the end of other instructions. But if no bytes look like a call, there is none.
#pragma once

#include "kernel/unwind/process_code.hpp"

#include <cstdint>

namespace detour
{

// Whether the instruction before this address can be a call of the callee, or an indirect call: E8 and the
// displacement, or FF /2 (Intel SDM vol. 2, CALL). For addresses that may or may not be return addresses: accepts only
// a small displacement to a pointer, to avoid false matches.
bool is_behind_call(const MemoryReader &memory, uint32_t address, uint32_t callee);

// Whether no instruction that ends at this address can be a call to a function of this code. Also false if the bytes
// before the address cannot be read.
bool is_behind_no_call(const ProcessCode &code, const MemoryReader &memory, uint32_t address);

} // namespace detour
