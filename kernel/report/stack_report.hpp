// stack_report.hpp - the kernel's reports about the stacks and the code of its processes; see stack_words.hpp
#pragma once

#include "kernel/base/process_list.hpp"
#include "kernel/unwind/stack_words.hpp"

#include <cstdint>

namespace detour
{

// Prints `function+offset (file:line)`, or nothing if the address is not in the current process's code.
void print_location(uint32_t address);

// Prints a line for each active function of the current process, from `start` outwards.
void print_call_chain(const StackStart &start);

// Prints the innermost functions of a process that is switched out.
void print_call_chain_of(ProcessId pid);

// Prints the words of the current process's stack from `start` upwards, as many as fit on a screen.
void print_current_stack(const StackStart &start);

// Prints all words of a process's stacks, after a line that names the process; `start` applies only to the current
// process. earlier: see print_stack_words().
void print_stack(ProcessId pid, const StackStart &start, const StackCopy &earlier = {});

} // namespace detour
