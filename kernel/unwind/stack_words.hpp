// stack_words.hpp - what each word of a process's stack is: the one description, for the kernel's own reports and for
// the debugger, which loads this file compiled for its own machine
#pragma once

#include "kernel/text/format.hpp"
#include "kernel/unwind/stack_owner.hpp"
#include "kernel/unwind/word_kind.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace detour
{

// The registers at which a switched-out process resumes. resumption: the value of ctxsw_resumption.
StackStart switched_out(uint32_t saved_stack_pointer, uint32_t resumption);

// The number of words to describe of each stack; the words left out are counted.
struct StackLimit {
    uint32_t words = 0xFFFFFFFF;
};

// Some words of a stack as they were at an earlier time.
struct StackCopy {
    uint32_t from = 0; // address of the first
    std::span<const uint32_t> words{};

    std::optional<uint32_t> word(uint32_t address) const;
};

// Is called for each word when its address and value are printed, and before the text that says what it is.
struct WordObserver {
    void (*see)(void *context, uint32_t address, uint32_t value, WordKind kind) = nullptr;
    void *context = nullptr;
};

// Prints the words of the owner's stacks from ESP up, low addresses first, a line for each:
//     address  value  what it is
// With an earlier copy, the earlier value of the word precedes the current one, and a `*` follows them if they differ.
// The words below ESP are one line. Consecutive local words with the same value are one line and a count, unless there
// is an earlier copy or an observer. If the stack cannot be unwound any further, a line says so, and the rest of its
// words follow.
void print_stack_words(Sink sink, const StackOwner &owner, const MemoryReader &memory, const StackStart &start,
                       StackLimit limit = {}, const StackCopy &earlier = {}, WordObserver observer = {});

} // namespace detour
