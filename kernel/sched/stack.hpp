// stack.hpp - whether a process that is switched out still has the stack to be switched to
//
// Programs can write the words of the process table and the stacks, so nothing here is followed before it is
// known to lead into memory.
#pragma once

#include "kernel/base/process_list.hpp"

#include <xinu/process.h>
#include <xinu/saved_stack.h>

#include <array>

namespace detour
{

// Whether prstkbase is the address of a word of memory that holds STACKMAGIC: the stack has neither run over
// nor been replaced.
bool has_stack_mark(const procent &process);

// Whether ctxsw() can switch to the process: it has its mark, and the saved words at prstkptr are memory.
// They need not lie on its own stack: a program may have moved to another.
bool is_usable_stack(const procent &process);

// The stack that each process was begun with: address of its highest word, and how far below that its lowest
// word lies. It is memory until free_stack() clears this entry, so most switches need no look at the page
// tables.
struct OriginalStack {
    uintptr_t base;
    uint32_t depth;
};
extern std::array<OriginalStack, NPROC> original_stacks;

// The same, quickly where the process has never left its stack; for every switch.
inline bool can_switch_to(ProcessId pid, const procent &process)
{
    constexpr uint32_t kSavedBytes = SAVED_WORDS * sizeof(uint32_t);
    const OriginalStack &original = original_stacks[pid];
    const uintptr_t depth = original.base - reinterpret_cast<uintptr_t>(process.prstkptr);
    if (reinterpret_cast<uintptr_t>(process.prstkbase) == original.base && depth >= kSavedBytes &&
        depth <= original.depth && depth % sizeof(uint32_t) == 0 &&
        *reinterpret_cast<const uint32_t *>(process.prstkbase) == STACKMAGIC)
        return true;
    return is_usable_stack(process);
}

// What a process runs, on the exit stack, that has been switched to without a usable stack: reports that in a
// line, and ends it. A panic if it is the null process.
[[noreturn]] void end_for_damaged_stack();

} // namespace detour
