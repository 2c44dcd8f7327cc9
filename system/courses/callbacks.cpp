// callbacks.cpp - the calls by which course terms register handlers for events
#include "system/courses/children.hpp"
#include "system/courses/cpu_time.hpp"
#include "system/courses/events.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>
#include <xinu/courses.h>

#include <utility>

using namespace detour;
using namespace detour::courses;

namespace
{

constexpr uint32_t kMostAlarmx = 2; // alarms that a process may have outstanding by alarmx()

syscall result(bool done)
{
    return done ? OK : SYSERR;
}

bool may_register(Handler handler)
{
    return is_code(handler) && currpid != NULLPROC;
}

syscall register_message_handler(Handler handler, umsg32 *buffer = nullptr)
{
    const SystemCallGuard guard;
    return result(may_register(handler) && set_message_handler(handler, buffer));
}

syscall register_timer(Handler handler, uint32_t msec)
{
    const SystemCallGuard guard;
    return result(may_register(handler) && static_cast<int32>(msec) >= 0 && add_timer(handler, msec));
}

// With msec 0, the handler of alarmms() only.
syscall register_alarm_handler(Handler handler, uint32_t msec)
{
    const SystemCallGuard guard;
    if (!may_register(handler) || static_cast<int32>(msec) < 0 || (msec != 0 && !add_timer(handler, msec)))
        return SYSERR;
    my_handlers().alarm = handler;
    return OK;
}

syscall register_child_handler(Handler handler)
{
    const SystemCallGuard guard;
    if (!may_register(handler))
        return SYSERR;
    set_child_handler(handler);
    return OK;
}

void cpu_limit_reached(ProcessId pid)
{
    Handlers *const handlers = handlers_of(pid);
    if (handlers == nullptr || handlers->cpu == nullptr)
        return;
    handlers->cpu_reached = true;
    set_alarm(pid);
}

syscall register_cpu_handler(Handler handler, uint32_t msec)
{
    const SystemCallGuard guard;
    if (!may_register(handler) || static_cast<int32>(msec) <= 0)
        return SYSERR;
    my_handlers().cpu = handler;
    limit_cpu_time(current_id(), msec, cpu_limit_reached);
    return OK;
}

// The alarm of a process whose handler is registered: none before is cancelled.
syscall set_registered_alarm(uint32_t msec)
{
    const SystemCallGuard guard;
    const Handler handler = my_handlers().alarm;
    return result(handler != nullptr && static_cast<int32>(msec) > 0 && add_timer(handler, msec));
}

bool has_message_handler()
{
    const SystemCallGuard guard;
    return my_handlers().message != nullptr;
}

bool has_child_handler()
{
    const SystemCallGuard guard;
    return my_handlers().child != nullptr;
}

syscall unregister_message_handler()
{
    const SystemCallGuard guard;
    if (my_handlers().message == nullptr)
        return SYSERR;
    set_message_handler(nullptr);
    return OK;
}

syscall unregister_child_handler()
{
    const SystemCallGuard guard;
    if (my_handlers().child == nullptr)
        return SYSERR;
    set_child_handler(nullptr);
    return OK;
}

bool has_timers()
{
    const SystemCallGuard guard;
    return count_timers() != 0;
}

syscall unregister_timers()
{
    const SystemCallGuard guard;
    if (count_timers() == 0)
        return SYSERR;
    cancel_timers();
    return OK;
}

} // namespace

extern "C" {

// ---- registercb, registercbsig, alarmms; signalreg, xalarm ----

[[gnu::weak]] syscall registercb(Handler handler)
{
    return register_message_handler(handler);
}

[[gnu::weak]] syscall registercbsig(uint16 signal, Handler handler, uint32 argument)
{
    switch (signal) {
    case MYSIGRECV:
        return register_message_handler(handler);
    case MYSIGALRM:
        return register_alarm_handler(handler, argument);
    case MYSIGXCPU:
        return register_cpu_handler(handler, argument);
    default:
        return SYSERR;
    }
}

[[gnu::weak]] syscall alarmms(uint32 msec)
{
    return set_registered_alarm(msec);
}

[[gnu::weak]] syscall signalreg(uint16 signal, Handler handler, uint32 argument)
{
    switch (signal) {
    case SIGRECV:
        return register_message_handler(handler);
    case SIGALRM:
        return register_alarm_handler(handler, argument);
    case SIGXCPU:
        return register_cpu_handler(handler, argument);
    default:
        return SYSERR;
    }
}

[[gnu::weak]] syscall xalarm(uint32 msec)
{
    return set_registered_alarm(msec);
}

// ---- regcallback, regcallbacksig ----

[[gnu::weak]] syscall regcallback(Handler handler)
{
    return register_message_handler(handler);
}

[[gnu::weak]] syscall regcallbacksig(Handler handler, uint16 signal, uint32 argument)
{
    switch (signal) {
    case XINUSIGRCV:
        return register_message_handler(handler);
    case XINUSIGXTIME:
        return argument == 0 ? SYSERR : register_timer(handler, argument);
    case XINUSIGCHLD:
        return register_child_handler(handler);
    default:
        return SYSERR;
    }
}

// ---- cbreg, sigcbreg, sigcbunreg: one handler of a kind, until it is taken back ----

[[gnu::weak]] syscall cbreg(Handler handler)
{
    return has_message_handler() ? SYSERR : register_message_handler(handler);
}

[[gnu::weak]] syscall sigcbreg(uint16 signal, Handler handler, uint32 argument)
{
    switch (signal) {
    case XSIGRCV:
        return cbreg(handler);
    case XSIGCHL:
        return has_child_handler() ? SYSERR : register_child_handler(handler);
    case XSIGXTM:
        return has_timers() ? SYSERR : register_timer(handler, argument);
    default:
        return SYSERR;
    }
}

[[gnu::weak]] syscall sigcbunreg(uint16 signal)
{
    switch (signal) {
    case XSIGRCV:
        return unregister_message_handler();
    case XSIGCHL:
        return unregister_child_handler();
    case XSIGXTM:
        return unregister_timers();
    default:
        return SYSERR;
    }
}

// ---- xsigaction, alarmx: several alarms may be outstanding ----

[[gnu::weak]] syscall xsigaction(uint16 signal, Handler handler, uint32 argument)
{
    switch (signal) {
    case XSIGIPC:
        return register_message_handler(handler);
    case XSIGALRM:
        return register_timer(handler, argument);
    default:
        return SYSERR; // XSIGGPF: a process that faults ends
    }
}

// Some terms have the handler first. No number of milliseconds that makes sense is an address in the code.
[[gnu::weak]] syscall alarmx(uint32 msec, Handler handler)
{
    const auto other = reinterpret_cast<Handler>(static_cast<uintptr_t>(msec));
    if (!is_code(handler) && is_code(other))
        return alarmx(address_of(handler), other);
    const SystemCallGuard guard;
    const bool valid = may_register(handler) && static_cast<int32>(msec) > 0 && count_timers() < kMostAlarmx;
    return result(valid && add_timer(handler, msec));
}

// ---- the message is stored before the handler runs ----

[[gnu::weak]] syscall registerrecv(umsg32 *buffer, Handler handler)
{
    return buffer == nullptr ? SYSERR : register_message_handler(handler, buffer);
}

[[gnu::weak]] syscall cbregister(Handler handler, umsg32 *buffer)
{
    return has_message_handler() ? SYSERR : registerrecv(buffer, handler);
}

[[gnu::weak]] syscall cbunregister()
{
    return unregister_message_handler();
}

// ---- the end of a child ----

[[gnu::weak]] syscall cbchildregister(Handler handler)
{
    return has_child_handler() ? SYSERR : register_child_handler(handler);
}
}
