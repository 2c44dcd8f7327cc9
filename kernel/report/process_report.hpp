// process_report.hpp - what is printed about processes and stacks when something went wrong
#pragma once

#include "kernel/base/process_list.hpp"
#include "kernel/unwind/frame_chain.hpp"

#include <xinu/process.h>

namespace detour
{

// A process's whole stack but its highest word, STACKMAGIC. An empty view if what the process table says of
// it is not memory: programs can write there.
StackView stack_of(const procent &process);

// The stack on which processes end and faults are reported.
StackView exit_stack_view();

// The stack that holds this address, if it is the current process's or the exit stack; otherwise an empty
// view.
StackView stack_holding(uint32_t address);

const char *state_name(uint16 state);

// A line for every process, as many as fit a screen.
void print_process_table();

} // namespace detour
