// callback.cpp - event callbacks
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/detour/detour.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

constexpr syscall kRegistered = 0; // cbsignal is specified to return 0, not OK

bool is_code(callback function)
{
    const auto address = reinterpret_cast<uintptr_t>(function);
    return address >= reinterpret_cast<uintptr_t>(&text) && address < reinterpret_cast<uintptr_t>(&etext);
}

} // namespace

syscall cbsignal(uint16 etype, void (*cbf)(), uint32 val)
{
    const SystemCallGuard guard;
    return is_code(cbf) && currpid != NULLPROC && register_event(current_process(), etype, cbf, val) ? kRegistered
                                                                                                     : SYSERR;
}

syscall dreamvac(void (*vacation)())
{
    const SystemCallGuard guard;
    if (vacation != nullptr && !is_code(vacation))
        return SYSERR;
    current_process().prdetour.vacation = vacation;
    return OK;
}
