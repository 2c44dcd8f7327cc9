// scheduler.hpp - which process runs
//
// Xinu's rule: at any time the running process has the highest priority of all that could run, and those of equal
// priority take turns. resched() restores the rule after a change; it is the only place that switches.
#pragma once

#include "kernel/sched/ready_queue.hpp"
#include "kernel/sched/sleep_queue.hpp"

#include <xinu/process.h>

// Public under this name: course code calls it, and saved stacks show it. Its frame lies between ctxsw's and that of
// the system call that blocked.
extern "C" void resched();

namespace detour
{

extern ReadyQueue ready_queue;
extern SleepQueue sleep_queue;

// The clock ticks that the running process may still use before others of its priority get their turn.
extern uint32_t ticks_left;

// Whether a process is in the ready queue, in a semaphore's, or in the sleep queue. Programs can write prstate; where a
// process is, the queues know.
bool is_queued(ProcessId pid);

// Puts a process on the ready queue. One that is in a queue already stays where it is, and the null process waits
// without one. Does not switch: the caller does, once, with resched().
void make_ready(ProcessId pid);

// The priority at which the running process competes: its prprio, raised to 1 if a program wrote less there. The null
// process always has 0.
uint32_t running_priority();

// Takes the running process off the processor into the given waiting state; the caller then calls resched() itself, so
// that its own frame stands next to resched's on the saved stack.
void block_current(uint16 state);

// Sets a process's priority and moves it to its new place in the ready queue.
void set_priority(ProcessId pid, pri16 priority);

} // namespace detour
