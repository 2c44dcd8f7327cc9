// exception_words.hpp - words for what the CPU reports
#pragma once

#include "arch/x86/entry/frames.h"
#include "kernel/unwind/stack_words.hpp"

namespace detour::arch
{

constexpr uint32_t kWasWrite = 1U << 1; // page-fault error code (Intel SDM vol. 3, 4.7)

const char *exception_name(uint32_t vector); // Intel SDM vol. 3, table 6-1

// Registers in fixed columns. context: an ExceptionFrame.
void print_registers(const void *context);

// Where the interrupted code was, for the reports of kernel/report/stack_report.hpp.
StackStart stack_start(const ExceptionFrame &frame);

// The two halves of a page fault in words. access: "read of", "write to", or "execution of", when the instruction
// itself was not to be had. reason: the first of these that is true:
//
//     "null pointer"                                           the address is in page 0
//     "stack overflow: the guard page below the stack"         in the page below the process's stack, not mapped
//     "stack overflow: beyond the guard page below the stack"  further down in the gap below that stack, not mapped
//     "the kernel's memory"                                    from ring 3, below user space; or above it, if mapped
//     "the page is read-only"                                  it is mapped
//     "no such page"                                           it is not
const char *page_fault_access(const ExceptionFrame &frame, uint32_t address);
const char *page_fault_reason(const ExceptionFrame &frame, uint32_t address);

// What a page fault was about, in words: "write to 0x00000000 (null pointer)".
void print_page_fault(const ExceptionFrame &frame, uint32_t address);

// The error code of an exception about a segment or a gate, in words: " (IDT entry 14)".
void print_selector_error(uint32_t error);

} // namespace detour::arch
