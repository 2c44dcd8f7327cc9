#include "kernel/scheduler.hpp"

#include "kernel/interrupt_guard.hpp"
#include "kernel/process_table.hpp"

namespace detour
{

constinit ReadyQueue ready_queue{};
constinit uint32_t ticks_left = QUANTUM;

namespace
{

constexpr uint32_t kRescheduleRoom = 160; // as SystemCallGuard

// A process that could be switched to, or away from: its stack has neither run over nor been replaced.
bool stack_is_intact(const procent &process)
{
    return *reinterpret_cast<const uint32 *>(process.prstkbase) == STACKMAGIC;
}

} // namespace

void make_ready(ProcessId pid)
{
    KASSERT(arch::interrupts_masked());
    procent &process = process_entry(pid);
    process.prstate = PR_READY;
    ready_queue.insert(process_links, pid, static_cast<uint32_t>(process.prprio));
}

void block_current(uint16 state)
{
    KASSERT(arch::interrupts_masked());
    KASSERT(currpid != kNullProcess);
    KASSERT(current_process().prstate == PR_CURR);
    current_process().prstate = state;
}

void set_priority(ProcessId pid, pri16 priority)
{
    procent &process = process_entry(pid);
    if (process.prstate == PR_READY) {
        ready_queue.remove(process_links, pid, static_cast<uint32_t>(process.prprio));
        ready_queue.insert(process_links, pid, static_cast<uint32_t>(priority));
    }
    process.prprio = priority;
}

} // namespace detour

// The section lets the linker script mark the function's bounds: see kernel/sleepms_slot.hpp. The function
// must stay whole and keep its frame, since its frame on the stack of a process that is switched out is an
// interface.
[[gnu::section(".text.resched"), gnu::noinline]] void resched()
{
    using namespace detour;
    if (!arch::interrupts_masked()) // called by a program: no system call has checked its stack
        require_stack(kRescheduleRoom);
    const InterruptGuard guard; // belongs to the process that called: others run before it is released
    procent &old = current_process();
    if (old.prstate == PR_CURR) {
        const uint32_t highest = ready_queue.highest_priority();
        if (highest == 0 || static_cast<uint32_t>(old.prprio) > highest)
            return;
        old.prstate = PR_READY;
        if (currpid != kNullProcess) // the null process waits for its turn without a queue
            ready_queue.insert(process_links, current_id(), static_cast<uint32_t>(old.prprio));
    }
    const ProcessId next = ready_queue.pop(process_links); // kNobody is the null process: nobody else can run
    procent &chosen = process_entry(next);
    KASSERT(chosen.prstate == PR_READY);
    KASSERT(stack_is_intact(chosen));
    chosen.prstate = PR_CURR;
    currpid = next;
    ticks_left = QUANTUM;
    ctxsw(&old.prstkptr, &chosen.prstkptr);
}
