// stack_owner.hpp - what a description of a process's stacks begins with
#pragma once

#include "kernel/base/address.hpp"
#include "kernel/unwind/unwind.hpp"

#include <xinu/types.h>

#include <cstdint>

namespace detour
{

// A stack: the address of its lowest word, and of the word behind its last. In a stack of the kernel's making
// the last word is STACKMAGIC, and `end` its address.
struct StackBounds {
    uint32_t low = 0;
    uint32_t end = 0;

    constexpr bool contains(uint32_t address) const { return address >= low && address < end; }
};

// A process as far as its stacks tell of it.
struct StackOwner {
    ProcessCode code;
    KnownAddresses known;
    StackBounds kernel_stack; // in ring 0, the process's only one
    StackBounds user_stack;   // of a ring-3 process, otherwise empty
    pid32 pid = 0;            // for words that refer to the process table
};

// Where the description begins: the registers in the innermost function, as for Unwinder.
struct StackStart {
    RegisterSet registers{};
    bool exact = true;
};

// The caller of the function that this is used in, whose call will return.
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
