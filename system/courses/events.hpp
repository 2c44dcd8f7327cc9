// events.hpp - the event handlers of course terms, as a layer over cbsignal()'s two events
//
// A message handler is a message callback that registers itself again. Everything else is the one alarm of a process:
// it is set to the next time at which one of the process's handlers has to run, which is now when a child has ended or
// the limit of CPU time is reached.
#pragma once

#include "kernel/base/process_list.hpp"

#include <xinu/types.h>

namespace detour::courses
{

// What programs pass as a handler: mostly int (*)(void), whose result is not used.
using Handler = int (*)();

constexpr uint32_t kTimers = 8;

struct Timer {
    Handler handler; // nullptr: not set
    uint32_t due;    // clkcountermsec
};

// The handlers of a process.
struct Handlers {
    Handler message;  // a message arrived
    umsg32 *buffer;   // where it is stored before the handler runs; nullptr: the handler receives it
    Handler alarm;    // that of alarmms() and xalarm()
    Handler child;    // a child ended
    Handler cpu;      // the limit of CPU time was reached
    uint32_t ended;   // children for whose end the handler has still to run
    bool cpu_reached; // the handler has still to run
    Timer timers[kTimers];
};

// Those of the calling process. All that follows expects interrupts masked.
Handlers &my_handlers();

// Those of another process; nullptr if it never had any.
Handlers *handlers_of(ProcessId pid);

bool is_code(Handler handler);

// Registers a message handler, nullptr: none. False if the program itself has a message callback outstanding.
bool set_message_handler(Handler handler, umsg32 *buffer = nullptr);

// Runs a handler once, msec from now. False if there are too many, or the program itself has an alarm outstanding.
bool add_timer(Handler handler, uint32_t msec);

uint32_t count_timers();
void cancel_timers();

// Something happened to this process for which handlers_of(pid) has a handler to run: sets its alarm.
void set_alarm(ProcessId pid);

} // namespace detour::courses
