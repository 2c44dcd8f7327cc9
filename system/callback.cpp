// callback.cpp - event callbacks
#include "kernel/detour.hpp"
#include "kernel/interrupt_guard.hpp"
#include "kernel/process_table.hpp"

#include <xinu.h>

using namespace detour;

namespace
{

constexpr uint32 kMaxAlarmMsec = 5000;
constexpr syscall kRegistered = 0; // cbsignal's specification says 0, not OK

bool is_code(callback function)
{
    const auto address = reinterpret_cast<uintptr_t>(function);
    return address >= reinterpret_cast<uintptr_t>(&text) && address < reinterpret_cast<uintptr_t>(&etext);
}

} // namespace

syscall cbsignal(uint16 etype, void (*cbf)(), uint32 val)
{
    const SystemCallGuard guard;
    if (!is_code(cbf) || currpid == NULLPROC)
        return SYSERR;
    bool registered = false;
    if (etype == CB_ALARM && val <= kMaxAlarmMsec)
        registered = register_alarm(current_process(), cbf, val);
    else if (etype == CB_MESSAGE)
        registered = register_message(current_process(), cbf);
    return registered ? kRegistered : SYSERR;
}

syscall dreamvac(void (*vacation)())
{
    const SystemCallGuard guard;
    if (vacation != nullptr && !is_code(vacation))
        return SYSERR;
    current_process().prdetour.vacation = vacation;
    return OK;
}
