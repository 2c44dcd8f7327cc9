// report.hpp - what is printed about processes and stacks when something went wrong
#pragma once

#include "kernel/backtrace.hpp"
#include "kernel/process_list.hpp"

#include <xinu/process.h>

namespace detour
{

// A process's whole stack but its highest word, STACKMAGIC. An empty view if what the process table says of
// it is not memory: programs can write there.
StackView stack_of(const procent &process);

// The stack that holds this address, if it is the current process's or the exit stack; otherwise an empty
// view.
StackView stack_holding(uint32_t address);

const char *state_name(uint16 state);

// `name+0xoffset`, or nothing for what is not code.
void print_location(uint32_t address);

// One line for eip and one for every caller on the chain of EBPs.
void print_call_chain(uint32_t eip, uint32_t ebp);

// A line for every process, as many as fit a screen.
void print_process_table();

} // namespace detour
