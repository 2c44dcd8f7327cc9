#include "kernel/sched/print_ended.hpp"

#include "kernel/base/print.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/switch_hold.hpp"

namespace detour
{

void print_current_process()
{
    print("process %d (%s)", static_cast<int>(currpid), current_process().prname);
}

void print_ended(const char *reason, ...)
{
    hold_switches_until_end();
    take_interrupts();
    print_current_process();
    print(" ended: ");
    va_list arguments;
    va_start(arguments, reason);
    format(console_sink, reason, arguments);
    va_end(arguments);
    print("\n");
}

} // namespace detour
