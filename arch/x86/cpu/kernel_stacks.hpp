// kernel_stacks.hpp - the two stacks that are not a process's own choice
#pragma once

// Defined in kernel_stacks.S; each has a guard page below it.
extern "C" {
extern char null_stack_guard[];
extern char null_stack[];
extern char null_stack_top[]; // booting, and then the null process
extern char exit_stack_guard[];
extern char exit_stack[];
extern char exit_stack_top[]; // reports of exceptions, and the end of every process
}
