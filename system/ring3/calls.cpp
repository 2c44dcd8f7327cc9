// calls.cpp - the system calls of ring 3, and their dispatch table
#include "system/ring3/calls.hpp"

#include "kernel/detour/detour.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/scheduler.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace detour::ring3
{

namespace
{

bool is_code(uint32 address)
{
    const AddressRange code = user_spaces[currpid].code;
    return address >= code.begin && address < code.end;
}

callback as_callback(uint32 address)
{
    return reinterpret_cast<callback>(address);
}

#define CALL_NUMBER(number, result, name, parameters) number,
constexpr std::array kNumbers{SYSTEM_CALLS(CALL_NUMBER)};
static_assert(kNumbers.size() == SYSTEM_CALL_COUNT && kNumbers[0] == 0 && kNumbers.back() == SYSTEM_CALL_COUNT - 1 &&
                  std::is_sorted(kNumbers.begin(), kNumbers.end(), std::less_equal()),
              "the list of system calls must be in the order of its numbers, without a gap");
#define CALL_NAME(number, result, name, parameters) #name,
constexpr std::array<std::string_view, SYSTEM_CALL_COUNT> kNames{SYSTEM_CALLS(CALL_NAME)};
static_assert(kNames[SYSTEM_CALL_CBNEXT] == "cbnext");

} // namespace

// ---- the process itself ----

uint32 handle_getpid(UserFrame &)
{
    return static_cast<uint32>(currpid);
}

uint32 handle_exit(UserFrame &)
{
    exit();
}

uint32 handle_yield(UserFrame &)
{
    return as_result(yield());
}

uint32 handle_sbrk(UserFrame &frame)
{
    const TickWatch watch;
    const uint32 old_end = move_heap_end(static_cast<int32>(first(frame)));
    return watch.deliver(frame, old_end != 0 ? old_end : as_result(SYSERR));
}

uint32 handle_uptime(UserFrame &)
{
    return clkcountermsec;
}

// ---- messages ----

uint32 handle_send(UserFrame &frame)
{
    return as_result(send(static_cast<pid32>(first(frame)), second(frame)));
}

uint32 handle_receive(UserFrame &)
{
    return receive();
}

uint32 handle_recvclr(UserFrame &)
{
    return recvclr();
}

uint32 handle_recvtime(UserFrame &frame)
{
    return recvtime(static_cast<int32>(first(frame)));
}

// ---- time and event callbacks ----

// Like sleepms(), but redirects the frame of the call instead of planting a return address.
uint32 handle_sleepms(UserFrame &frame)
{
    const auto msec = static_cast<int32>(first(frame));
    if (msec > 0) {
        wake_after(current_id(), static_cast<uint32>(msec));
        block_current(PR_SLEEP);
        resched();
    } else if (msec == 0) {
        resched();
    }
    return user_detour_at_return(frame, as_result(msec < 0 ? SYSERR : OK), true);
}

uint32 handle_cbsignal(UserFrame &frame)
{
    const bool registered =
        is_code(second(frame)) &&
        register_event(current_process(), static_cast<uint16>(first(frame)), as_callback(second(frame)), third(frame));
    return registered ? 0 : as_result(SYSERR); // cbsignal returns 0 on success
}

uint32 handle_dreamvac(UserFrame &frame)
{
    const uint32 vacation = first(frame);
    if (vacation != 0 && !is_code(vacation))
        return as_result(SYSERR);
    current_process().prdetour.vacation = as_callback(vacation);
    return OK;
}

uint32 handle_cbnext(UserFrame &frame)
{
    return next_user_callback(frame);
}

// ---- other processes ----

uint32 handle_getprio(UserFrame &frame)
{
    return as_result(getprio(static_cast<pid32>(first(frame))));
}

uint32 handle_chprio(UserFrame &frame)
{
    const auto pid = static_cast<pid32>(first(frame));
    const auto priority = static_cast<int32>(second(frame));
    const bool permitted = is_own(pid) && priority <= current_process().prprio;
    if (priority < 1 || priority > 32767 || (!permitted && !may(CAP_PRIORITY)))
        return as_result(SYSERR);
    return as_result(chprio(pid, static_cast<pri16>(priority)));
}

uint32 handle_kill(UserFrame &frame)
{
    const auto pid = static_cast<pid32>(first(frame));
    return as_result(is_own(pid) || may(CAP_KILL) ? kill(pid) : SYSERR);
}

// ---- privileges ----

uint32 handle_ioperm(UserFrame &frame)
{
    const TickWatch watch;
    const bool permitted = may(CAP_PORTS) && permit_ports(first(frame), second(frame), third(frame) != 0);
    return watch.deliver(frame, as_result(permitted ? OK : SYSERR));
}

uint32 handle_halt(UserFrame &)
{
    if (!may(CAP_POWER))
        return as_result(SYSERR);
    halt();
}

} // namespace detour::ring3

// The handlers by number, for user_entry.S.
extern "C" {
using Handler = uint32(__attribute__((fastcall)) *)(detour::arch::UserFrame &);
#define CALL_HANDLER(number, result, name, parameters) detour::ring3::handle_##name,
extern constinit const Handler system_call_handlers[SYSTEM_CALL_COUNT] = {SYSTEM_CALLS(CALL_HANDLER)};
}
