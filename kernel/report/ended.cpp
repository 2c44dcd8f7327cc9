#include "kernel/report/ended.hpp"

#include "kernel/base/print.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/report/panic.hpp"
#include "kernel/report/stack_report.hpp"
#include "kernel/sched/print_ended.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/stack.hpp"

#include <xinu/userspace.h>

namespace detour
{

namespace
{

const char *why_not_usable(uint32_t address, bool for_writing)
{
    if (address < kPageBytes)
        return "null pointer";
    if (address < USER_BEGIN || address >= USER_END)
        return "not in user space";
    return for_writing ? "not all of it is memory that the process may write" : "not all of it is mapped";
}

} // namespace

void end_for_damaged_stack()
{
    if (currpid == kNullProcess)
        kernel_panic("the null process's stack is damaged", panic_site_here());
    print_stack_damage();
    end_current_process();
}

void end_for_bad_pointer(const arch::UserFrame &frame, const char *call, uint32_t address, uint32_t bytes,
                         bool for_writing)
{
    print("\n");
    print_ended("%s() with a bad pointer: %u bytes at 0x%08x (%s)", call, bytes, address,
                why_not_usable(address, for_writing));
    print("backtrace:\n");
    StackStart caller;
    caller.registers[COLUMN_EIP] = arch::user_instruction_pointer(frame);
    caller.registers[COLUMN_ESP] = arch::user_stack_pointer(frame);
    caller.registers[COLUMN_EBP] = arch::user_frame_pointer(frame);
    print_call_chain(caller);
    end_current_process();
}

} // namespace detour
