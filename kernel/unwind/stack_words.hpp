// stack_words.hpp - what each word of a process's stack is: the one description, for the kernel's own reports
// and for the debugger, which loads this file compiled for its own machine
#pragma once

#include "kernel/text/format.hpp"
#include "kernel/unwind/stack_owner.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace detour
{

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

} // namespace detour
