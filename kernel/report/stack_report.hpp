// stack_report.hpp - what the kernel prints about the stacks and the code of its processes; see
// stack_words.hpp
#pragma once

#include "kernel/base/process_list.hpp"
#include "kernel/unwind/stack_words.hpp"

#include <cstdint>

namespace detour
{

// `function+offset (file:line)`, or nothing for what is no code of the current process.
void print_location(uint32_t address);

// A line for each active function of the current process, from there outwards.
void print_call_chain(const StackStart &start);

// The innermost functions of a process that is switched out.
void print_call_chain_of(ProcessId pid);

// The words of the current process's stack from there upwards, as many as fit a screen.
void print_current_stack(const StackStart &start);

// All words of a process's stacks, and above them a line that says whose they are; start is for the current
// process only. earlier: see print_stack_words().
void print_stack(ProcessId pid, const StackStart &start, const StackCopy &earlier = {});

} // namespace detour
