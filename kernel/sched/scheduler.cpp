#include "kernel/sched/scheduler.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/sched/stack.hpp"
#include "kernel/sched/switch_hold.hpp"
#include "kernel/sched/window.hpp"

#include <xinu/resched.h>

constinit defer Defer{};
constinit uint32 preempt = QUANTUM;

namespace detour
{

constinit ReadyQueue ready_queue{};
constinit SleepQueue sleep_queue{};
constinit bool switches_held = false;
constinit bool switch_wanted = false;

namespace
{

// A program overwrote the priority of the running process, which moves there.
[[gnu::cold, gnu::noinline]] void take_written_priority(ProcessId pid)
{
    if (pid == kNullProcess)
        return;
    ready_queue.remove(process_links, pid);
    ready_queue.insert_first(process_links, pid, priority_of(pid));
}

// A program overwrote the state of the running process and called resched(): with PR_READY the process yields, with
// anything else it waits, in no queue.
[[gnu::cold, gnu::noinline]] void take_written_state(ProcessId pid, const procent &process)
{
    if (process.prstate == PR_READY)
        ready_queue.yield(process_links, pid);
    else
        ready_queue.remove(process_links, pid);
}

// The running process can go on, but others of its priority come first.
[[gnu::always_inline]] inline void yield_to_equals(ProcessId pid, procent &process)
{
    if (static_cast<uint16_t>(process.prprio) != ready_queue.priority_of(pid)) [[unlikely]]
        take_written_priority(pid);
    // [lab switch 4
    ready_queue.yield(process_links, pid);
    // lab]
    process.prstate = PR_READY;
}

// Inline, because resched()'s frame must be next to ctxsw's.
[[gnu::always_inline]] inline void switch_to_front()
{
    const ProcessId pid = current_id();
    DEBUG_ASSERT(pid < NPROC);
    procent &old = keep_address(process_entry(pid));
    if (old.prstate == PR_CURR) [[likely]] {
        yield_to_equals(pid, old);
    } else if (ready_queue.contains(pid)) [[unlikely]] {
        if (old.prstate == PR_DEFER) {
            Defer.attempt = TRUE; // resched_cntl() switches later
            return;
        }
        take_written_state(pid, old);
    }
    static_assert(kNoProcess == kNullProcess); // it runs when the queue is empty
    const ProcessId next = ready_queue.front();
    procent &chosen = keep_address(process_entry(next));
    if (next == pid) {
        chosen.prstate = PR_CURR;
        return;
    }
    char **const stack = stack_to_switch_to(next, chosen);
    chosen.prstate = PR_CURR;
    currpid = static_cast<pid32>(next);
    preempt = QUANTUM;
    load_address_space(next);
    ctxsw(&old.prstkptr, stack);
}

} // namespace

void set_priority(ProcessId pid, pri16 priority)
{
    KASSERT(arch::interrupts_masked());
    process_entry(pid).prprio = priority;
    publish_priority(pid, priority);
}

} // namespace detour

// The section lets the linker script mark the function's bounds: see kernel/detour/sleepms_slot.hpp. The function must
// stay whole and keep its frame, since its frame on the stack of a process that is switched out is an interface.
[[gnu::section(".text.resched"), gnu::noinline]] void resched()
{
    using namespace detour;
    const uint32_t flags = arch::read_flags();
    if (arch::are_interrupts_enabled_in(flags)) { // called by a program: no system call checked its stack
        arch::require_stack<kSystemCallRoom>();
        arch::disable_interrupts();
    }
    switch_to_front(); // others run in between, with their own flags
    arch::write_flags(flags);
}
