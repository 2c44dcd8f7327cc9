// events.cpp - when the handlers of course terms run
#include "system/courses/events.hpp"
#include "system/courses/lives.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/detour/detour.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>

#include <algorithm>

// The bounds of the program's code, under the kernel's names: a program may have its own `text`.
extern const char code_begin[] __asm__("kernel.text");
extern const char code_end[] __asm__("kernel.etext");

namespace detour::courses
{

namespace
{

constexpr int32_t kMostAtOnce = 5000; // msec; a later alarm takes several steps

constinit PerProcess<Handlers> table{};

int32_t msec_until(uint32_t due)
{
    return static_cast<int32_t>(due - clkcountermsec);
}

// The timer that is due first; nullptr if there is none.
Timer *first_timer(Handlers &handlers)
{
    Timer *first = nullptr;
    for (Timer &timer : handlers.timers) {
        if (timer.handler != nullptr && (first == nullptr || msec_until(timer.due) < msec_until(first->due)))
            first = &timer;
    }
    return first;
}

bool anything_pending(const Handlers &handlers)
{
    return handlers.ended != 0 || handlers.cpu_reached;
}

// The handler that has to run now; nullptr if there is none. It is then no longer noted.
Handler take_due(Handlers &handlers)
{
    if (handlers.ended != 0) {
        --handlers.ended;
        return handlers.child;
    }
    if (handlers.cpu_reached) {
        handlers.cpu_reached = false;
        return handlers.cpu;
    }
    Timer *const timer = first_timer(handlers);
    if (timer == nullptr || msec_until(timer->due) > 0)
        return nullptr;
    const Handler handler = timer->handler;
    timer->handler = nullptr;
    return handler;
}

void on_alarm();

// Sets the process's alarm to when its next handler has to run. False if the program itself has one outstanding.
bool set_alarm_of(procent &process, Handlers &handlers)
{
    const Timer *const timer = first_timer(handlers);
    if (timer == nullptr && !anything_pending(handlers))
        return true;
    const int32_t wanted = anything_pending(handlers) ? 0 : msec_until(timer->due);
    const auto msec = static_cast<uint32_t>(std::clamp(wanted, 0, kMostAtOnce));
    if (process.pralarmreg == 0)
        return register_alarm(process, on_alarm, msec);
    if (process.prcbf1 != on_alarm)
        return false;
    process.pralarmtime = msec + clkcountermsec;
    return true;
}

Handler next_due()
{
    const SystemCallGuard guard;
    Handlers &mine = my_handlers();
    const Handler handler = take_due(mine);
    if (handler == nullptr)
        set_alarm_of(current_process(), mine);
    return handler;
}

// The alarm callback of all handlers but that for messages.
void on_alarm()
{
    for (Handler handler = next_due(); handler != nullptr; handler = next_due())
        handler();
}

void on_message();

// From within the message callback. The message that waits now does not count: its handler is about to run.
void expect_next_message(procent &process)
{
    const bool8 waits = process.prhasmsg;
    process.prhasmsg = FALSE;
    register_message(process, on_message);
    process.prhasmsg = waits;
}

// The handlers of the calling process, if it has one for messages and a message waits: it may have fetched it
// meanwhile. nullptr if not.
const Handlers *begin_message()
{
    const SystemCallGuard guard;
    const Handlers &mine = my_handlers();
    if (mine.message == nullptr)
        return nullptr;
    expect_next_message(current_process());
    return current_process().prhasmsg == FALSE ? nullptr : &mine;
}

// The message callback of all message handlers.
void on_message()
{
    const Handlers *const mine = begin_message();
    if (mine == nullptr)
        return;
    const Handler handler = mine->message;
    if (mine->buffer != nullptr)
        *mine->buffer = receive();
    handler();
}

// Takes back a message callback that this layer registered.
void expect_no_message(procent &process)
{
    process.prmsgreg = 0;
    process.prdetour.arrived = FALSE;
    process.pretype &= static_cast<uint16>(~CB_MESSAGE);
}

} // namespace

Handlers &my_handlers()
{
    return table.of(current_id());
}

Handlers *handlers_of(ProcessId pid)
{
    return pid == kNullProcess ? nullptr : table.find(pid);
}

bool is_code(Handler handler)
{
    return address_of(handler) >= address_of(code_begin) && address_of(handler) < address_of(code_end);
}

bool set_message_handler(Handler handler, umsg32 *buffer)
{
    procent &process = current_process();
    Handlers &mine = my_handlers();
    if (handler == nullptr && mine.message != nullptr)
        expect_no_message(process);
    if (handler != nullptr && mine.message == nullptr && !register_message(process, on_message))
        return false;
    mine.message = handler;
    mine.buffer = buffer;
    return true;
}

bool add_timer(Handler handler, uint32_t msec)
{
    Handlers &mine = my_handlers();
    const auto free = std::find_if(std::begin(mine.timers), std::end(mine.timers),
                                   [](const Timer &timer) { return timer.handler == nullptr; });
    if (free == std::end(mine.timers))
        return false;
    *free = {handler, clkcountermsec + msec};
    if (set_alarm_of(current_process(), mine))
        return true;
    free->handler = nullptr;
    return false;
}

uint32_t count_timers()
{
    const Handlers &mine = my_handlers();
    return static_cast<uint32_t>(std::count_if(std::begin(mine.timers), std::end(mine.timers),
                                               [](const Timer &timer) { return timer.handler != nullptr; }));
}

// The alarm stays, and finds nothing to run.
void cancel_timers()
{
    for (Timer &timer : my_handlers().timers)
        timer.handler = nullptr;
}

void set_alarm(ProcessId pid)
{
    Handlers *const handlers = handlers_of(pid);
    if (handlers != nullptr)
        set_alarm_of(process_entry(pid), *handlers);
}

} // namespace detour::courses
