#include "arch/x86/cpu.hpp"
#include "arch/x86/exception.hpp"
#include "kernel/print.hpp"
#include "kernel/process_table.hpp"

#include <array>

namespace detour::arch
{

namespace
{

// Page-fault error code (Intel SDM vol. 3, 4.7).
constexpr std::uint32_t kWasPresent = 1U << 0;
constexpr std::uint32_t kWasWrite = 1U << 1;

constexpr std::uint32_t kPageMask = ~std::uint32_t{4095};

const char *why(std::uint32_t error, std::uint32_t address)
{
    const std::uint32_t low = stack_low(current_process());
    if (address < 4096)
        return "null pointer";
    if (address < low && address >= low - 4096)
        return "stack overflow: the guard page below the stack";
    return (error & kWasPresent) != 0 ? "the page is read-only" : "no such page";
}

} // namespace

const char *exception_name(std::uint32_t vector)
{
    static constexpr std::array<const char *, 22> kNames{"divide error",
                                                         "debug exception",
                                                         "non-maskable interrupt",
                                                         "breakpoint",
                                                         "overflow",
                                                         "bound range exceeded",
                                                         "invalid opcode",
                                                         "device not available",
                                                         "double fault",
                                                         "coprocessor segment overrun",
                                                         "invalid TSS",
                                                         "segment not present",
                                                         "stack-segment fault",
                                                         "general protection",
                                                         "page fault",
                                                         "reserved exception 15",
                                                         "x87 floating-point error",
                                                         "alignment check",
                                                         "machine check",
                                                         "SIMD floating-point error",
                                                         "virtualization exception",
                                                         "control protection"};
    return vector < kNames.size() ? kNames[vector] : "unexpected interrupt";
}

void print_registers(const void *context)
{
    const auto &frame = *static_cast<const ExceptionFrame *>(context);
    const Registers &r = frame.registers;
    // What pushal saved as ESP is where the frame's upper part begins; the interrupted code's own lies above
    // that.
    const std::uint32_t esp = r.esp + EXCEPTION_FRAME_BYTES - EXCEPTION_FRAME_VECTOR;
    print("  eax %08x  ebx %08x  ecx %08x  edx %08x\n", r.eax, r.ebx, r.ecx, r.edx);
    print("  esi %08x  edi %08x  ebp %08x  esp %08x\n", r.esi, r.edi, r.ebp, esp);
    print("  eip %08x  cs  %08x  efl %08x  err %08x\n", frame.eip, frame.cs & 0xFFFF, frame.eflags,
          frame.error);
}

void print_page_fault(std::uint32_t error, std::uint32_t address)
{
    print("%s 0x%08x (%s)", (error & kWasWrite) != 0 ? "write to" : "read of", address, why(error, address));
}

} // namespace detour::arch
