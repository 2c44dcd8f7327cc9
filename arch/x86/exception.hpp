// exception.hpp - words for what the CPU reports
#pragma once

#include "arch/x86/frames.h"

namespace detour::arch
{

constexpr std::uint32_t kPageFault = 14;
constexpr std::uint32_t kDoubleFaultVector = 8;

const char *exception_name(std::uint32_t vector); // Intel SDM vol. 3, table 6-1

// Registers in fixed columns. context: an ExceptionFrame.
void print_registers(const void *context);

// What a page fault was about, in words: "write to 0x00000000 (null pointer)".
void print_page_fault(std::uint32_t error, std::uint32_t address);

} // namespace detour::arch
