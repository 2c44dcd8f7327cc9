// sleepms_slot.hpp - finding, on the stack of a process that is switched out, the return address of its sleepms()
#pragma once

#include "kernel/unwind/frame_chain.hpp"

#include <xinu/types.h>

#include <cstdint>

namespace detour
{

// The code of one function: [begin, end).
struct CodeRange {
    uint32_t begin;
    uint32_t end;

    constexpr bool contains(uint32_t address) const { return address - begin < end - begin; }
};

// Follows the saved frames from the saved stack pointer: ctxsw's, then resched's, then sleepms's. Returns the address
// of the word that holds the return address of sleepms(), or 0 if anything does not fit: a frame that does not lie on
// the stack, in order and aligned, or one whose return address is not inside the function that must have made the call.
// Reads nothing outside the stack.
uint32_t find_sleepms_slot(StackView stack, uint32_t saved_stack_pointer, CodeRange resched, CodeRange sleepms);

} // namespace detour
