// stack.hpp - the stacks of processes: where each is, and whether it can still be switched to
//
// Programs can write the words of the process table and the stacks, so nothing here is followed before it is known to
// lead into memory.
#pragma once

#include "kernel/base/process_list.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/unwind/frame_chain.hpp"

#include <xinu/process.h>
#include <xinu/saved_stack.h>

#include <array>
#include <bit>

namespace detour
{

// A process's whole stack but its highest word, STACKMAGIC. An empty view if what the process table says of it is not
// memory.
StackView stack_of(const procent &process);

// The stack on which processes end and faults are reported.
StackView exit_stack_view();

// The stack that holds this address, if it is the current process's or the exit stack; otherwise an empty view.
StackView stack_holding(uint32_t address);

// Whether prstkbase is the address of a word of memory that holds STACKMAGIC: the stack neither overflowed nor was
// replaced.
bool has_stack_mark(const procent &process);

// Prints that the current process is ended because its stack cannot be switched to, and what is wrong with it.
void print_stack_damage();

// Makes an allocated stack that of a new process, or of the null process. bytes: its true size.
void give_stack(ProcessId pid, char *highest_word, uint32_t bytes);

// Maps what allocate_stack() did not map yet. bytes: the true size. `enabled`: interrupts may be taken meanwhile, as in
// free_stack().
void finish_large_stack(const char *highest_word, uint32_t bytes, bool enabled);
inline void finish_stack(const char *highest_word, uint32_t bytes, bool enabled)
{
    if (bytes > kStackBytesAtOnce) [[unlikely]]
        finish_large_stack(highest_word, bytes, enabled);
}

// Gives a stack back. False, and nothing changed, unless highest_word is that of an allocated stack of just this size
// (as asked for or as rounded), on which no process runs.
bool free_stack(char *highest_word, uint32_t bytes, bool enabled = false);

// The stack that each process was begun with: address of its highest word, and how many places it has for the words
// that ctxsw() saves, not counting the highest. It is memory until free_stack() clears this entry, so most switches
// need no look at the page tables.
struct OriginalStack {
    uintptr_t base;
    uint32_t places;
};
extern std::array<OriginalStack, NPROC> original_stacks;

// The place of a stack pointer for ctxsw() to switch to: &process.prstkptr, or that of a stack on which the process
// ends, because its own is damaged. The saved words at prstkptr need not lie on its own stack: a program may move to
// another.
char **replacement_stack(procent &process);

inline char **stack_to_switch_to(ProcessId pid, procent &process)
{
    constexpr uint32_t kSavedBytes = SAVED_WORDS * sizeof(uint32_t);
    const OriginalStack &original = original_stacks[pid];
    // The distance in bytes becomes one in words; an odd one becomes huge, as does one below 0.
    const uintptr_t place = std::rotr(original.base - reinterpret_cast<uintptr_t>(process.prstkptr) - kSavedBytes, 2);
    if (place >= original.places || reinterpret_cast<uintptr_t>(process.prstkbase) != original.base ||
        *reinterpret_cast<const uint32_t *>(original.base) != STACKMAGIC) [[unlikely]]
        return replacement_stack(process);
    return &process.prstkptr;
}

} // namespace detour
