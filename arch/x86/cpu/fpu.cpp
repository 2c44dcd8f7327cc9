#include "arch/x86/cpu/fpu.hpp"

#include "arch/x86/entry/vectors.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/print.hpp"

#include <array>

namespace detour::arch
{

namespace
{

// CR0 (Intel SDM vol. 3, 2.5 and 9.2.1).
constexpr uint32_t kMonitorCoprocessor = 1U << 1; // wait, too, is an exception while TS is set
constexpr uint32_t kEmulation = 1U << 2;          // every floating-point instruction is an exception
constexpr uint32_t kNumericError = 1U << 5;       // errors are exceptions, and not interrupts of the PIC

constexpr uint32_t kEdxFpu = 1U << 0; // CPUID leaf 1 (Intel SDM vol. 2, CPUID)

// What gcc expects of the i386 ABI: all errors masked, 64 bits of precision, rounding to nearest.
constexpr uint32_t kControlWord = 0x37F;
constexpr uint32_t kAllEmpty = 0xFFFF; // tag word

constinit bool found = false;

bool cpu_has_fpu()
{
    uint32_t leaf = 1;
    uint32_t edx;
    asm volatile("cpuid" : "+a"(leaf), "=d"(edx) : : "ebx", "ecx");
    return (edx & kEdxFpu) != 0;
}

// The lowest bits of the status word, which has the place of each error that of its mask in the control word (Intel SDM
// vol. 1, 8.1.3). An error that is masked is none. nullptr if there is none: a program can execute int $16.
const char *float_error()
{
    if (!found)
        return nullptr;
    static constexpr std::array<const char *, 6> kErrors{"invalid operation", "denormal operand", "division by zero",
                                                         "overflow",          "underflow",        "inexact result"};
    uint16_t status;
    uint16_t control;
    asm volatile("fnstsw %0; fnstcw %1" : "=m"(status), "=m"(control));
    for (unsigned bit = 0; bit < kErrors.size(); ++bit)
        if ((status & ~control & 1U << bit) != 0)
            return kErrors[bit];
    return nullptr;
}

} // namespace

// As fninit leaves the unit, with no leftovers in the registers.
constinit const FloatRegisters initial_float_registers{{kControlWord, 0, kAllEmpty}};

void fpu_initialize()
{
    found = cpu_has_fpu();
    uint32_t cr0;
    asm volatile("movl %%cr0, %0" : "=r"(cr0));
    cr0 = (cr0 & ~kEmulation) | kMonitorCoprocessor | kNumericError | (found ? 0 : kEmulation);
    asm volatile("movl %0, %%cr0" : : "r"(cr0));
    set_task_switched();
}

bool is_float_forbidden()
{
    uint32_t cr0;
    asm volatile("movl %%cr0, %0" : "=r"(cr0));
    return found && (cr0 & kTaskSwitched) != 0;
}

void save_float(FloatRegisters &to)
{
    asm volatile("fnsave %0" : "=m"(to));
}

// Without fnclex, frstor would raise an error that the previous process left pending, in the kernel.
void load_float(const FloatRegisters &from)
{
    asm volatile("fnclex; frstor %0" : : "m"(from));
}

void forbid_float()
{
    set_task_switched();
}

void permit_float()
{
    asm volatile("clts");
}

void print_float_error(uint32_t vector)
{
    const char *const error = vector == kFloatErrorVector ? float_error() : nullptr;
    if (error != nullptr)
        print(": %s", error);
    else if (vector == kNoFloatVector && !found)
        print(": this machine has no floating-point unit");
    else if (vector == kNoFloatVector && is_float_forbidden()) // else int $7, with the unit open
        print(": no memory for the floating-point registers");
}

} // namespace detour::arch
