#include "arch/x86/fault/exception_words.hpp"
#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/entry/vectors.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/print.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu/userspace.h>

#include <array>

namespace detour::arch
{

namespace
{

// Page-fault error code (Intel SDM vol. 3, 4.7); kWasWrite is in the header.
constexpr uint32_t kWasPresent = 1U << 0;

// Error code of exceptions about a descriptor (Intel SDM vol. 3, 6.13).
constexpr uint32_t kInIdt = 1U << 1;
constexpr uint32_t kInLdt = 1U << 2;

// What lies below the stack and is not mapped.
struct Gap {
    uint32_t bytes;
    uint32_t end; // where the stack begins
};

Gap gap_below_stack(bool user)
{
    constexpr uint32_t kUserStack = USER_STACK_END - USER_STACK_BYTES;
    return user ? Gap{kUserStack - USER_HEAP_END, kUserStack} : Gap{kStackGap, stack_low(current_process())};
}

// What pushal saved as ESP is where the frame's upper part begins; the interrupted code's own lies above that.
uint32_t stack_pointer(const ExceptionFrame &frame)
{
    return frame.registers.esp + EXCEPTION_FRAME_BYTES - EXCEPTION_FRAME_VECTOR;
}

} // namespace

const char *exception_name(uint32_t vector)
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
    print("  eax %08x  ebx %08x  ecx %08x  edx %08x\n", r.eax, r.ebx, r.ecx, r.edx);
    print("  esi %08x  edi %08x  ebp %08x  esp %08x\n", r.esi, r.edi, r.ebp, stack_pointer(frame));
    print("  eip %08x  cs  %08x  efl %08x  err %08x\n", frame.eip, frame.cs & 0xFFFF, frame.eflags, frame.error);
}

StackStart stack_start(const ExceptionFrame &frame)
{
    const Registers &r = frame.registers;
    return {{r.eax, r.ecx, r.edx, r.ebx, stack_pointer(frame), r.ebp, r.esi, r.edi, frame.eip}, true};
}

// A fetch of an instruction is a read, but the address is that of the instruction.
const char *page_fault_access(const ExceptionFrame &frame, uint32_t address)
{
    if ((frame.error & kWasWrite) != 0)
        return "write to";
    return address == frame.eip ? "execution of" : "read of";
}

const char *page_fault_reason(const ExceptionFrame &frame, uint32_t address)
{
    const bool user = is_from_ring3(frame);
    const bool present = (frame.error & kWasPresent) != 0;
    const Gap gap = gap_below_stack(user);
    if (address < kPageBytes)
        return "null pointer";
    if (!present && gap.end - address - 1 < kPageBytes)
        return "stack overflow: the guard page below the stack";
    if (!present && gap.end - address - 1 < gap.bytes)
        return "stack overflow: beyond the guard page below the stack";
    if (user && (address < USER_BEGIN || (address >= USER_END && present)))
        return "the kernel's memory";
    return present ? "the page is read-only" : "no such page";
}

void print_page_fault(const ExceptionFrame &frame, uint32_t address)
{
    print("%s 0x%08x (%s)", page_fault_access(frame, address), address, page_fault_reason(frame, address));
}

void print_selector_error(uint32_t error)
{
    if (error == 0)
        return;
    if ((error & kInIdt) != 0)
        print(" (IDT entry %u)", error / 8);
    else
        print(" (selector 0x%x, entry %u of the %s)", error & 0xFFFC, error / 8, (error & kInLdt) != 0 ? "LDT" : "GDT");
}

} // namespace detour::arch
