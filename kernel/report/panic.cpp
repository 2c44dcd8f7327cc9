#include "kernel/report/panic.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/assert.hpp"
#include "kernel/base/print.hpp"
#include "kernel/report/process_report.hpp"
#include "kernel/report/stack_report.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/text/format.hpp"

#include <array>

namespace detour
{

namespace
{

constinit unsigned panic_level = 0;

} // namespace

void kernel_panic(const char *message, const PanicSite &site)
{
    arch::mask_interrupts();
    if (++panic_level > 1) {
        if (panic_level == 2)
            print("\npanic in the report of a panic: %s\n", message);
        arch::power_off(arch::Ending::kPanic);
    }
    print("\npanic: %s\n", message);
    if (currpid >= 0 && currpid < NPROC)
        print("current process: %d (%s)\n", static_cast<int>(currpid), current_process().prname);
    if (site.print_registers != nullptr)
        site.print_registers(site.context);
    print("backtrace:\n");
    print_call_chain(site.at);
    print("stack:\n");
    print_current_stack(site.at);
    print("processes:\n");
    print_process_table();
    arch::power_off(arch::Ending::kPanic);
}

void assertion_failed(const char *expression, const char *file, int line)
{
    std::array<char, 160> message{};
    format_to(message, "assertion failed: %s (%s:%d)", expression, file, line);
    kernel_panic(message.data(), panic_site_here());
}

} // namespace detour
