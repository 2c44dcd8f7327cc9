#include "kernel/device/console.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/console_output.hpp"
#include "kernel/process/message.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <algorithm>

namespace detour
{

namespace
{

// The buffer of output keeps room for the echo of two keys: of one, and of one more while output is stopped.
constexpr uint32_t kEchoReserve = 2 * EditLine::kMostEcho;

// So many characters are free before processes that wait for room run again.
constexpr uint32_t kWorthWaking = 256;

// A character and its echo take some 150 instructions, with interrupts masked.
constexpr uint32_t kCharactersAtOnce = 8;

constinit bool holding = false; // received characters stay in the device
constinit ProcessId interrupted = kNullProcess;
constinit uint32 interrupted_birth = 0;
constinit umsg32 interrupt_message = 0;

// Wakes several of those that wait; each checks again, and is followed by more if there is something left: one that is
// woken may be ended before it takes its character.
bool wake(sid32 sem)
{
    uint32_t woken = 0;
    while (woken < kReadyAtOnce / 2 && signal_one(sem))
        ++woken;
    semtab[sem].scount = std::min(semtab[sem].scount, 0);
    return woken != 0;
}

// What has been typed before is for those that end now; what is typed behind it stays.
bool send_interrupt()
{
    if (interrupted == kNullProcess)
        return false;
    const procent &process = process_entry(interrupted);
    if (process.prstate == PR_FREE || process.prbirth != interrupted_birth)
        return false;
    console.forget_earlier();
    return process.prhasmsg == FALSE && deliver_message(interrupted, interrupt_message);
}

bool can_take()
{
    return console.stopped() || (console.has_room() && output_room() >= kEchoReserve);
}

// Characters stay in the device, or are taken from it again: the device's interrupt says that there are some.
void hold(bool on)
{
    if (holding == on)
        return;
    holding = on;
    arch::console_interrupt_when_received(!on);
}

bool collect()
{
    bool woken = false;
    for (uint32_t taken = 0;; ++taken) {
        hold(!can_take() || taken == kCharactersAtOnce);
        const int c = holding ? -1 : arch::console_read();
        if (c < 0)
            break;
        const bool was_stopped = console.stopped();
        if (console.input(static_cast<char>(c)))
            woken |= send_interrupt();
        if (console.stopped() != was_stopped)
            output_stop(console.stopped());
    }
    hold(!can_take()); // after 8 characters, the next interrupt comes at once, behind those of other devices
    return (console.available() != 0 && wake(kConsoleInput)) || woken;
}

} // namespace

constinit Tty console({[](void *, char c) { output(c, 0); }, nullptr});

bool console_serve()
{
    output_more();
    const bool writers = output_room() >= kEchoReserve + kWorthWaking && wake(kConsoleOutput);
    return collect() || writers;
}

bool console_put(char c)
{
    return output(c, kEchoReserve);
}

bool may_wait_for_room(bool interrupts_enabled)
{
    return interrupts_enabled && current_id() != kNullProcess && !switches_held &&
           current_process().prdetour.running == 0;
}

char console_take()
{
    return console.take();
}

bool console_resume()
{
    return holding && can_take() && collect();
}

void console_set_mode(Tty::Mode mode)
{
    console.set_mode(mode);
    if (!console.stopped())
        output_stop(false);
}

void console_interrupts(pid32 pid, umsg32 message)
{
    interrupted = static_cast<ProcessId>(pid);
    interrupted_birth = process_entry(interrupted).prbirth;
    interrupt_message = message;
}

char console_poll()
{
    for (;;) {
        const InterruptGuard guard;
        if (console.available() != 0)
            return console.peek();
        console.release_next();
        collect();
    }
}

} // namespace detour
