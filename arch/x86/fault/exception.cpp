// exception.cpp - a fault ends the process that caused it, or, if the kernel itself is at fault, the machine
#include "arch/x86/entry/vectors.hpp"
#include "arch/x86/fault/exception_words.hpp"

#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/cpu/fpu.hpp"
#include "arch/x86/cpu/kernel_stacks.hpp"
#include "arch/x86/cpu/segments.hpp"
#include "arch/x86/device/irq.hpp"
#include "arch/x86/device/limit.hpp"
#include "arch/x86/fault/exception_frame.hpp"
#include "arch/x86/fault/monitor.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/print.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/report/panic.hpp"
#include "kernel/report/process_report.hpp"
#include "kernel/report/stack_report.hpp"
#include "kernel/report/whereabouts.hpp"
#include "kernel/sched/floating_point.hpp"
#include "kernel/sched/print_ended.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/stack.hpp"

#include <xinu/prototypes.h>

extern "C" {
extern const char entry_text[], entry_etext[];
extern const char library_text[], library_etext[];
void exception_handler(detour::arch::ExceptionFrame *as_pushed);
void double_fault_handler(std::uint32_t error_code_bytes);
void sysenter_entry(); // user_entry.S
}

namespace detour::arch
{

namespace
{

constinit ExceptionFrame double_fault_frame{};

bool between(std::uint32_t address, const void *begin, const void *end)
{
    return address >= reinterpret_cast<std::uint32_t>(begin) &&
           address < reinterpret_cast<std::uint32_t>(end);
}

bool in_program(std::uint32_t address)
{
    return !between(address, &text, app_text);
}

// Whether the program has called the library function that the fault is in. It may have disabled interrupts
// before, so the interrupt flag does not tell.
bool is_library_call_of_program(const ExceptionFrame &frame)
{
    if (!between(frame.eip, library_text, library_etext))
        return false;
    FrameWalk walk(stack_of(current_process()), frame.registers.ebp);
    for (auto caller = walk.next(); caller; caller = walk.next())
        if (!between(caller->return_address, library_text, library_etext))
            return in_program(caller->return_address);
    return false;
}

// Whether a fault at this point leaves the kernel's own state whole, so that it is the process's affair
// alone.
bool is_process_fault(const ExceptionFrame &frame)
{
    if (currpid == kNullProcess)
        return false;
    if (is_from_ring3(frame) || is_virtual_8086(frame)) // the kernel never enters that mode
        return true;
    if (between(frame.registers.esp, ::exit_stack, exit_stack_top))
        return false;
    if (between(frame.eip, entry_text, entry_etext)) // before or after the kernel's work, see entry.S
        return true;
    if (in_program(frame.eip)) // its code, or no code at all: a wild jump
        return true;
    if (is_library_call_of_program(frame))
        return true;
    return (frame.eflags & EFLAGS_IF) !=
           0; // a kernel function that works on the caller's data, outside any guard
}

void print_cause(const ExceptionFrame &frame)
{
    if (frame.vector >= kIntInstruction) {
        print("int $%u", frame.vector - kIntInstruction);
        return;
    }
    print("%s", exception_name(frame.vector));
    if (is_virtual_8086(frame)) {
        print(" in virtual-8086 mode: iret has found VM set in EFLAGS");
    } else if (frame.vector == kPageFault) {
        print(": ");
        print_page_fault(frame, page_fault_address());
    } else if (frame.vector == kDoubleFaultVector) {
        ExceptionFrame push = frame; // of the exception's own frame
        push.error = kWasWrite;
        print(": ");
        print_page_fault(push, page_fault_address());
    } else if (frame.vector > 21) {
        print(" %u", frame.vector);
    } else if (VECTOR_HAS_ERROR_CODE(frame.vector)) {
        print_selector_error(frame.error);
    } else {
        print_float_error(frame.vector);
    }
}

[[noreturn]] void end_faulting_process(const ExceptionFrame &frame)
{
    print("\n");
    print_current_process();
    print(" ended by ");
    print_cause(frame);
    print("\n");
    print_registers(&frame);
    print("backtrace:\n");
    print_call_chain(stack_start(frame));
    print("stack:\n");
    print_current_stack(stack_start(frame));
    finish_interrupts_in_service();
    end_current_process();
}

// Ring 3 has executed sysenter with TF set. The CPU has not cleared TF, so the kernel's first instruction
// traps. Without TF the call goes on; the documentation of the call says that it loses EFLAGS.
bool is_single_step_into_kernel(const ExceptionFrame &frame)
{
    return frame.vector == kDebugVector && frame.eip == reinterpret_cast<std::uint32_t>(&sysenter_entry);
}

// The button of a machine that seems to hang, a time limit of tools/run/run.py, or that of limit.cpp: shows where
// the machine is. tools/run/inquiry.py waits for the last line.
void report_nmi(const ExceptionFrame &frame)
{
    print("\nnon-maskable interrupt in ");
    print_current_process();
    print("\n");
    const ExceptionFrame interrupted = as_interrupted(frame);
    print_registers(&interrupted);
    print("backtrace:\n");
    print_call_chain(stack_start(interrupted));
    print_process_table();
    print_whereabouts();
    print("end of the report of the non-maskable interrupt; the clock stands at msec %u\n", clkcountermsec);
}

// QEMU lets ring 3 enter virtual-8086 mode by iret, and then only the same way clears VIF and VIP: popf does
// not, as a CPU's would (Intel SDM vol. 2, POPF). All processes would have them. The fault comes again,
// without them.
bool clears_virtual_flags(ExceptionFrame &frame)
{
    constexpr std::uint32_t kVirtual = EFLAGS_VIF | EFLAGS_VIP;
    if (!is_from_virtual_8086(frame) || (frame.eflags & kVirtual) == 0)
        return false;
    frame.eflags &= ~kVirtual;
    return true;
}

// Exceptions that nobody has caused by a mistake; the interrupted code goes on.
bool mends_itself(ExceptionFrame &frame)
{
    if (clears_virtual_flags(frame))
        return true;
    if (is_single_step_into_kernel(frame)) {
        frame.eflags &= ~std::uint32_t{EFLAGS_TF};
        return true;
    }
    if (frame.vector == kNoFloatVector && currpid != kNullProcess)
        return is_float_forbidden() && open_float();
    if (frame.vector != kNmiVector)
        return false;
    report_nmi(frame);
    if (limit_is_set()) // a run with a limit ends with the first NMI, wherever it comes from
        power_off(Ending::kLimit);
    return true;
}

void end_process_or_machine(const ExceptionFrame &frame)
{
    if (is_process_fault(frame))
        end_faulting_process(frame);
    print("\nin the kernel: ");
    print_cause(frame);
    print("\n");
    kernel_panic(exception_name(frame.vector), {stack_start(frame), print_registers, &frame});
}

void report_double_fault()
{
    end_process_or_machine(double_fault_frame);
}

} // namespace

} // namespace detour::arch

// Called by exception_entry on the exit stack, interrupts masked.
void exception_handler(detour::arch::ExceptionFrame *as_pushed)
{
    using namespace detour;
#ifdef DETOUR_MONITOR
    if (arch::is_for_monitor(*as_pushed))
        return arch::monitor(*as_pushed);
#endif
    if (arch::mends_itself(*as_pushed))
        return;
    const arch::ExceptionFrame frame = arch::as_interrupted(*as_pushed);
    arch::end_process_or_machine(frame);
}

// Runs as the double fault's task. Sends the interrupted task to its report, on the exit stack.
void double_fault_handler(std::uint32_t error_code_bytes)
{
    using namespace detour::arch;
    TaskState &task = interrupted_task();
    double_fault_frame = frame_of_double_fault(task, error_code_bytes != 0);
    task.eip = reinterpret_cast<std::uint32_t>(&report_double_fault);
    task.esp = reinterpret_cast<std::uint32_t>(exit_stack_top) - sizeof(std::uint32_t);
    task.ebp = 0;
    if ((task.eflags & EFLAGS_VM) != 0)
        task.fs = task.gs = 0; // were no selectors
    task.eflags = EFLAGS_FIXED;
    task.cs = SELECTOR_KERNEL_CODE;
    task.ss = SELECTOR_KERNEL_STACK;
    task.ds = task.es = SELECTOR_DATA;
}
