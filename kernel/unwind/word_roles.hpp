// word_roles.hpp - the words for what a word of a frame is
#pragma once

#include "kernel/text/format.hpp"
#include "kernel/unwind/stack_owner.hpp"

namespace detour
{

// A word of a stack and where it stands.
struct StackWord {
    uint32_t address;
    uint32_t value;
    const StackFrame *frame;  // whose words it is among
    const StackFrame *caller; // the next one outwards, or nullptr
    const StackFrame *callee; // the next one inwards, or nullptr
    uint32_t arguments;       // of the callee: so many words from the callee's CFA on
};

// Whether the word is nothing but the function's own: a local variable, or an intermediate value.
bool is_own(const StackWord &word);

// What a word for a claimed callback is worth.
enum class ClaimedWord : uint8_t {
    kNone,      // 0
    kWaits,     // the callback, which is still to be run; in ring 3, or runs
    kNoCode,    // no code of that ring: whatever calls it will fault
    kUnclaimed, // code, but no callback of that kind is claimed
};

// column: COLUMN_ALARM, COLUMN_MESSAGE or COLUMN_VACATION. in_ring3: the callback would run there.
ClaimedWord judge_claimed(const StackOwner &owner, unsigned column, uint32_t value, bool in_ring3);

// Prints what the word is, without a line end.
void print_role(Sink sink, const StackOwner &owner, const StackWord &word);

// How many words of arguments the caller takes off the stack after the call that returns to this address;
// read from the instructions there.
uint32_t argument_words(const MemoryReader &memory, uint32_t return_address);

} // namespace detour
