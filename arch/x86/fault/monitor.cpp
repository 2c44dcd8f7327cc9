#include "arch/x86/fault/monitor.hpp"

#include "arch/x86/entry/vectors.hpp"
#include "arch/x86/fault/exception_frame.hpp"
#include "arch/x86/fault/exception_words.hpp"
#include "kernel/base/print.hpp"
#include "kernel/device/console.hpp"
#include "kernel/report/stack_report.hpp"
#include "kernel/sched/print_ended.hpp"

namespace detour::arch
{

namespace
{

constinit bool stepping = false;

void print_help()
{
    print("  r registers   b backtrace   w words of the stack   s one instruction   c go on (as does "
          "Ctrl-D)\n");
}

// Waits for a key. Ctrl-D is not taken, so that every reader sees the end of the input. Interrupts are masked: the
// device is asked.
char next_key()
{
    return console_poll() == Tty::kEnd ? Tty::kEnd : console_take();
}

} // namespace

bool is_for_monitor(const ExceptionFrame &frame)
{
    return frame.vector == kBreakpointVector || (frame.vector == kDebugVector && stepping);
}

void monitor(ExceptionFrame &frame)
{
    print("\n%s in ", stepping ? "step" : "breakpoint");
    print_current_process();
    print(" at ");
    const ExceptionFrame interrupted = as_interrupted(frame);
    print_location(frame.eip);
    print("\n");
    stepping = false;
    frame.eflags &= ~uint32_t{EFLAGS_TF};
    for (;;) {
        print("monitor> ");
        const char key = next_key();
        print(key == Tty::kEnd ? "^D\n" : "%c\n", key);
        switch (key) {
        case 'r':
            print_registers(&interrupted);
            break;
        case 'b':
            print_call_chain(stack_start(interrupted));
            break;
        case 'w':
            print_current_stack(stack_start(interrupted));
            break;
        case 's':
            stepping = true;
            frame.eflags |= EFLAGS_TF;
            return;
        case 'c':
        case Tty::kEnd:
            return;
        case '\n':
            break;
        default:
            print_help();
        }
    }
}

} // namespace detour::arch
