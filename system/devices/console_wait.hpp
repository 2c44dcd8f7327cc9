// console_wait.hpp - how a process waits for a typed character
#pragma once

#include "kernel/device/console.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/scheduler.hpp"

namespace detour
{

// Waits until the console has a character; first expect() tells the terminal what the reader waits for. Called with
// interrupts masked. Inline, so that the frames of the calling process lead from resched() to the call that waits.
[[gnu::always_inline]] inline void wait_for_character(void (Tty::*expect)())
{
    while (console.available() == 0) {
        (console.*expect)();
        if (console_resume())
            resched();
        if (console.available() != 0)
            return;
        take_or_wait(kConsoleInput); // always waits: its count is never above 0
        resched();
    }
}

} // namespace detour
