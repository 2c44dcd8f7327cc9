// trace.cpp - a record of switches and detours
#include "kernel/base/arch.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>
#include <xinu/systemcalls.h>
#include <xinu/trace.h>

#include <algorithm>
#include <array>

using namespace detour;

extern "C" void cbfmanager();

namespace
{

constinit std::array<traceent, TRACE_EVENTS> events{};
constinit uint32 happened = 0;
constinit bool recording = false;

// The process whose prstkptr this is.
pid32 owner(const char *const *prstkptr)
{
    return static_cast<pid32>((reinterpret_cast<uint32>(prstkptr) - reinterpret_cast<uint32>(&proctab[0])) /
                              sizeof proctab[0]);
}

// The watched places are in the order of TR_SWITCH ... TR_RING3. Runs on the exit stack, with interrupts masked.
void record(unsigned kind, const uint32 *stack)
{
    traceent &event = events[happened++];
    if (happened == events.size())
        arch::watch_nothing();
    event = {clkcountermsec, static_cast<uint16>(kind), PR_FREE, 0, currpid, {}};
    std::ranges::copy(current_process().prname, event.trname);
    if (kind != TR_SWITCH)
        return;
    event.trfrom = owner(reinterpret_cast<char **>(stack[1])); // the first argument of ctxsw()
    event.trstate = proctab[event.trfrom].prstate;
}

} // namespace

syscall trace_start()
{
    const InterruptGuard guard;
    recording = true;
    happened = 0;
    arch::watch_execution({reinterpret_cast<uint32>(&ctxsw), reinterpret_cast<uint32>(&cbfmanager),
                           reinterpret_cast<uint32>(&cbfreturn), USER_CBFMANAGER},
                          record);
    return OK;
}

int32 trace_stop(traceent *to, int32 count)
{
    if (!recording || count < 0)
        return SYSERR;
    arch::watch_nothing();
    recording = false;
    std::copy_n(events.begin(), std::min(happened, static_cast<uint32>(count)), to);
    return static_cast<int32>(happened);
}
