// word_roles.hpp - describes in English what each word of a frame is
#pragma once

#include "kernel/text/format.hpp"
#include "kernel/unwind/stack_owner.hpp"
#include "kernel/unwind/word_kind.hpp"

namespace detour
{

// A word of a stack and its context.
struct StackWord {
    uint32_t address;
    uint32_t value;
    const StackFrame *frame;  // the frame that contains it
    const StackFrame *caller; // the next one outwards, or nullptr
    const StackFrame *callee; // the next one inwards, or nullptr
    uint32_t arguments;       // number of argument words of the callee, from the callee's CFA on
};

// Whether the word is only the function's own: a local variable or an intermediate value.
bool is_own(const StackWord &word);

// The state of a word that holds a claimed callback.
enum class ClaimedWord : uint8_t {
    kNone,      // 0
    kWaits,     // the callback, not yet run (in ring 3: not yet run, or running)
    kNoCode,    // not code of that ring: calling it will fault
    kUnclaimed, // code, but no callback of that kind is claimed
};

// column: COLUMN_ALARM, COLUMN_MESSAGE or COLUMN_VACATION. in_ring3: the callback would run there.
ClaimedWord judge_claimed(const StackOwner &owner, unsigned column, uint32_t value, bool in_ring3);

// The kind of word for which print_role() prints a text.
WordKind kind_of(const StackOwner &owner, const StackWord &word);

// Prints what the word is, without a line end.
void print_role(Sink sink, const StackOwner &owner, const StackWord &word);

// The number of argument words that the caller removes from the stack after the call that returns to this address, as
// decoded from the instructions there.
uint32_t argument_words(const MemoryReader &memory, uint32_t return_address);

} // namespace detour
