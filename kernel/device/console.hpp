// console.hpp - the terminal: its device's interrupts on one side, the processes that read and write on the other
//
// Called with interrupts masked, except console_poll(). A process that finds no character, or no room, waits on
// kConsoleInput or kConsoleOutput, and then checks again.
#pragma once

#include "kernel/device/tty.hpp"

#include <xinu/types.h>

namespace detour
{

extern Tty console;

// Serves the device: takes received characters as far as there is room; the rest stay in the device and hold up the
// sender. Sends what waits. Returns whether a process became ready; the caller then calls resched().
bool console_serve();

// Puts a character into the output buffer; false if the process has to wait for room.
bool console_put(char c);

// Whether the calling process may wait for room: not the null process, nor in a callback, nor with interrupts masked.
bool may_wait_for_room(bool interrupts_enabled);

// Removes and returns the next character; there must be one. The caller then calls console_resume().
char console_take();

// Takes characters again that the device holds, if there is room. Returns as console_serve() does.
bool console_resume();

void console_set_mode(Tty::Mode mode);

// On Ctrl-C, this process gets this message, and what was typed before is dropped; neither if pid is kNullProcess.
void console_interrupts(pid32 pid, umsg32 message);

// Waits for a character by asking the device, whether or not interrupts are masked, and returns it without removing it.
char console_poll();

} // namespace detour
