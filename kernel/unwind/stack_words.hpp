// stack_words.hpp - what each word of a process's stack is: the one description, for the kernel's own reports
// and for the debugger, which loads this file compiled for its own machine
#pragma once

#include "kernel/base/address.hpp"
#include "kernel/text/format.hpp"
#include "kernel/unwind/unwind.hpp"

#include <xinu/types.h>

#include <cstdint>
#include <optional>
#include <span>

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
    Landmarks landmarks;
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

// Where a process that is switched out will go on. resumption: the value of ctxsw_resumption.
StackStart switched_out(uint32_t saved_stack_pointer, uint32_t resumption);

// How many words to describe of each stack. What is left out is counted.
struct StackLimit {
    uint32_t words = 0xFFFFFFFF;
};

// Some words of a stack as they were at an earlier time.
struct StackCopy {
    uint32_t from = 0; // where the first one stood
    std::span<const uint32_t> words{};

    std::optional<uint32_t> word(uint32_t address) const;
};

// Prints the words of the owner's stacks from ESP up, low addresses first, a line for each:
//     address  value  what it is
// With an earlier copy, the value that the word had then stands before that of now, and a `*` behind them if
// they differ.
// What lies below ESP is one line. Words that are a function's own and have all the same value are one line
// and a count. Where the stack cannot be understood any further, a line says so, and the rest of its words
// follow.
void print_stack_words(Sink sink, const StackOwner &owner, const MemoryReader &memory,
                       const StackStart &start, StackLimit limit = {}, const StackCopy &earlier = {});

// Prints the functions that are active, innermost first, a line for each:
//     address  function+offset (file:line)
// Lines that are the same (a recursion) are one and a count. After as many lines as `functions`, `...` stands
// for the rest.
void print_active_functions(Sink sink, const StackOwner &owner, const MemoryReader &memory,
                            const StackStart &start, uint32_t functions = 0xFFFFFFFF);

// `function+offset (file:line)`, or nothing for what is no code. back: see ProcessCode::symbol().
void print_code_address(Sink sink, const ProcessCode &code, uint32_t address, uint32_t back);

} // namespace detour
