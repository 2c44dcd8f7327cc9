// scheduler.hpp - which process runs
//
// Xinu's rule: at any time the running process has the highest priority of all that could run, and those of
// equal priority take turns. resched() restores the rule after a change; it is the only place that switches.
#pragma once

#include "kernel/ready_queue.hpp"
#include "kernel/sleep_queue.hpp"

#include <xinu/process.h>

// Public under this name: course code calls it, and saved stacks show it. Its frame lies between ctxsw's and
// that of the system call that blocked.
extern "C" void resched();

namespace detour
{

extern ReadyQueue ready_queue;

// The clock ticks that the running process may still use before others of its priority get their turn.
extern uint32_t ticks_left;

// Puts a process that is in no queue on the ready queue. Does not switch: the caller does, once, with
// resched().
void make_ready(ProcessId pid);

// Takes the running process off the processor into the given waiting state; the caller then calls resched()
// itself, so that its own frame stands next to resched's on the saved stack.
void block_current(uint16 state);

// Sets a process's priority and moves it to its new place in the ready queue.
void set_priority(ProcessId pid, pri16 priority);

} // namespace detour
