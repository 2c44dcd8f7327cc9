// exception.cpp - a fault ends the process that caused it, or, if the kernel itself is at fault, the machine
//
// Which of the two is decided by the first case that fits:
//
//      case                                              witness                        at fault
//  F1  the null process runs: nothing could go on        currpid                        the kernel
//  F2  code of ring 3, or virtual-8086 mode, which       CS, EFLAGS.VM                  the process
//      the kernel never enters
//  F3  the end of a process, or a report                 ESP on the exit stack          the kernel
//  F4  entry and exit code, or a system call's check     EIP in entry_text, or at an    the process
//      of the stack, which is full: the kernel's state   instruction of
//      is whole                                          require_stack()
//  F5  the program's code, or no code at all: a wild     EIP outside the kernel's       the process
//      jump
//  F6  a library function that the program called,       EIP in library_text, and       the process
//      perhaps with interrupts masked                    the chain of saved EBPs
//  F7  a kernel function that works on its caller's      EFLAGS.IF                      the process
//      data, outside any guard
//  F8  everything else: the kernel's state may be torn                                  the kernel
#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/cpu/fpu.hpp"
#include "arch/x86/cpu/kernel_stacks.hpp"
#include "arch/x86/cpu/segments.hpp"
#include "arch/x86/device/irq.hpp"
#include "arch/x86/device/limit.hpp"
#include "arch/x86/entry/vectors.hpp"
#include "arch/x86/fault/exception_frame.hpp"
#include "arch/x86/fault/exception_words.hpp"
#include "arch/x86/fault/execution_watch.hpp"
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
#include "kernel/sched/switch_hold.hpp"

#include <xinu/prototypes.h>

#include <algorithm>
#include <array>
#include <cstring>

extern "C" {
extern const char entry_text[], entry_etext[];
extern const char library_text[], library_etext[];
void exception_handler(detour::arch::ExceptionFrame *as_pushed);
void double_fault_handler();
void sysenter_entry(); // user_entry.S
}

namespace detour::arch
{

namespace
{

constinit ExceptionFrame double_fault_frame{};

bool between(uint32_t address, const void *begin, const void *end)
{
    return address >= reinterpret_cast<uint32_t>(begin) && address < reinterpret_cast<uint32_t>(end);
}

bool in_program(uint32_t address)
{
    return !between(address, &text, app_text);
}

// Whether the kernel's instruction at this address is that of require_stack(): testl %eax, -N(%esp). The kernel reads
// below its stack pointer for no other reason.
bool is_stack_check(uint32_t address)
{
    constexpr std::array<uint8_t, 3> kTestBelowEsp{0x85, 0x84, 0x24}; // opcode, ModRM with a 32-bit offset, SIB: ESP
    std::array<uint8_t, kTestBelowEsp.size() + sizeof(int32_t)> code;
    std::memcpy(code.data(), reinterpret_cast<const void *>(address), code.size());
    return std::equal(kTestBelowEsp.begin(), kTestBelowEsp.end(), code.begin()) && (code.back() & 0x80) != 0;
}

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

} // namespace

bool is_process_fault(const ExceptionFrame &frame)
{
    if (currpid == kNullProcess) // F1
        return false;
    if (is_from_ring3(frame) || is_virtual_8086(frame)) // F2
        return true;
    if (between(frame.registers.esp, ::exit_stack, exit_stack_top)) // F3
        return false;
    return between(frame.eip, entry_text, entry_etext) || // F4
           in_program(frame.eip) ||                       // F5
           is_stack_check(frame.eip) ||                   // F4
           is_library_call_of_program(frame) ||           // F6
           (frame.eflags & EFLAGS_IF) != 0;               // F7, or F8
}

namespace
{

void print_cause(const ExceptionFrame &frame)
{
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
    hold_switches_until_end();
    finish_interrupts_in_service();
    take_interrupts();
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
    end_current_process();
}

// Ring 3 executed sysenter with TF set. The CPU does not clear TF, so the kernel's first instruction traps. Without TF
// the call goes on; the documentation of the call says that it loses EFLAGS.
bool is_single_step_into_kernel(const ExceptionFrame &frame)
{
    return frame.vector == kDebugVector && frame.eip == reinterpret_cast<uint32_t>(&sysenter_entry);
}

// An NMI requested from outside (a person, the time limit of tools/run/run.py, or that of limit.cpp): reports where the
// machine is. tools/run/inquiry.py waits for the last line.
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

// QEMU lets ring 3 enter virtual-8086 mode by iret, and then only the same way clears VIF and VIP: popf does not, as a
// CPU's would (Intel SDM vol. 2, POPF). All processes would have them. The fault recurs, without them.
bool clears_virtual_flags(ExceptionFrame &frame)
{
    constexpr uint32_t kVirtual = EFLAGS_VIF | EFLAGS_VIP;
    if (!is_from_virtual_8086(frame) || (frame.eflags & kVirtual) == 0)
        return false;
    frame.eflags &= ~kVirtual;
    return true;
}

// Exceptions that are not errors: the interrupted code is resumed.
bool is_recoverable(ExceptionFrame &frame)
{
    if (clears_virtual_flags(frame))
        return true;
    if (frame.vector == kDebugVector && report_execution(frame))
        return true;
    if (is_single_step_into_kernel(frame)) {
        frame.eflags &= ~uint32_t{EFLAGS_TF};
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
    if (arch::is_recoverable(*as_pushed))
        return;
    const arch::ExceptionFrame frame = arch::as_interrupted(*as_pushed);
    arch::end_process_or_machine(frame);
}

// Runs as the double fault's task. Sends the interrupted task to its report, on the exit stack.
void double_fault_handler()
{
    using namespace detour::arch;
    TaskState &task = interrupted_task();
    double_fault_frame = frame_of_double_fault(task);
    task.eip = reinterpret_cast<uint32_t>(&report_double_fault);
    task.esp = reinterpret_cast<uint32_t>(exit_stack_top) - sizeof(uint32_t);
    task.ebp = 0;
    if ((task.eflags & EFLAGS_VM) != 0)
        task.fs = task.gs = 0; // were no selectors
    task.eflags = EFLAGS_FIXED;
    task.cs = SELECTOR_KERNEL_CODE;
    task.ss = SELECTOR_KERNEL_STACK;
    task.ds = task.es = SELECTOR_DATA;
}
