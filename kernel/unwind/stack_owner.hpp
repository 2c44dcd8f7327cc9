// stack_owner.hpp - the input for a description of a process's stacks
#pragma once

#include "kernel/base/address.hpp"
#include "kernel/unwind/unwind.hpp"

#include <xinu/types.h>

#include <cstdint>

namespace detour
{

// A stack: the address of its lowest word, and the end of its words. In a stack allocated by the kernel, `end` is the
// address of STACKMAGIC.
struct StackBounds {
    uint32_t low = 0;
    uint32_t end = 0;

    constexpr bool contains(uint32_t address) const { return address >= low && address < end; }
};

// The facts about a process that are needed to describe its stacks.
struct StackOwner {
    ProcessCode code;
    KnownAddresses known;
    StackBounds kernel_stack; // in ring 0, the process's only one
    StackBounds user_stack;   // of a ring-3 process, otherwise empty
    pid32 pid = 0;            // to describe words that refer to the process table
};

// The start of the description: the registers in the innermost function, as for Unwinder.
struct StackStart {
    RegisterSet registers{};
    bool exact = true;
};

// The caller of the function in which this is inlined; that call has yet to return.
[[gnu::always_inline]] inline StackStart caller_of_this()
{
    const auto *const frame = static_cast<const uint32_t *>(__builtin_frame_address(0));
    StackStart start{{}, false};
    start.registers[COLUMN_EIP] = address_of(__builtin_return_address(0));
    start.registers[COLUMN_EBP] = *frame;
    start.registers[COLUMN_ESP] = address_of(frame + 2);
    return start;
}

} // namespace detour
