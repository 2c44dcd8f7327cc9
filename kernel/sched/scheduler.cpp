#include "kernel/sched/scheduler.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/stack.hpp"
#include "kernel/sched/window.hpp"

namespace detour
{

constinit ReadyQueue ready_queue{};
constinit SleepQueue sleep_queue{};
constinit uint32_t ticks_left = QUANTUM;

namespace
{

// prprio, which a program may overwrite, within the priorities of the ready queue.
uint32_t priority_of(const procent &process)
{
    return process.prprio < 1 ? 1 : static_cast<uint32_t>(process.prprio);
}

// Inline: each switch enqueues, and a call costs it eleven instructions.
[[gnu::always_inline]] inline void enqueue(ProcessId pid)
{
    DEBUG_ASSERT(!is_linked(process_links, pid));
    set_state(pid, PR_READY);
    ready_queue.insert(process_links, pid, priority_of(process_entry(pid)));
}

} // namespace

bool is_queued(ProcessId pid)
{
    return is_linked(process_links, pid) || sleep_queue.contains(pid);
}

void make_ready(ProcessId pid)
{
    KASSERT(arch::interrupts_masked());
    if (pid != kNullProcess && !is_queued(pid))
        enqueue(pid);
}

uint32_t running_priority()
{
    return currpid == kNullProcess ? 0 : priority_of(current_process());
}

void block_current(uint16 state)
{
    KASSERT(arch::interrupts_masked());
    KASSERT(currpid != kNullProcess);
    set_state(current_id(), state);
}

void set_priority(ProcessId pid, pri16 priority)
{
    process_entry(pid).prprio = priority;
    if (ready_queue.contains(pid)) {
        ready_queue.remove(process_links, pid);
        enqueue(pid);
    }
    publish_priority(pid, priority);
}

} // namespace detour

// The section lets the linker script mark the function's bounds: see kernel/detour/sleepms_slot.hpp. The function must
// stay whole and keep its frame, since its frame on the stack of a process that is switched out is an interface.
[[gnu::section(".text.resched"), gnu::noinline]] void resched()
{
    using namespace detour;
    if (!arch::interrupts_masked()) // called by a program: no system call checked its stack
        require_stack(kSystemCallRoom);
    const InterruptGuard guard; // belongs to the process that called: others run before it is released
    DEBUG_ASSERT(currpid >= 0 && currpid < NPROC);
    procent &old = current_process();
    if (old.prstate == PR_CURR) {
        const uint32_t highest = ready_queue.highest_priority();
        if (highest == 0 || running_priority() > highest)
            return;
        set_state(current_id(), PR_READY);
    }
    // Written above, or by a program that yields. The null process waits for its turn without a queue.
    if (old.prstate == PR_READY && currpid != kNullProcess && !is_queued(current_id()))
        enqueue(current_id());
    static_assert(kNoProcess == kNullProcess); // it runs when the queue is empty
    const ProcessId next = ready_queue.pop(process_links);
    char **const stack = stack_to_switch_to(next, process_entry(next));
    set_state(next, PR_CURR);
    currpid = next;
    publish_current(next);
    ticks_left = QUANTUM;
    load_address_space(next);
    ctxsw(&old.prstkptr, stack);
}
