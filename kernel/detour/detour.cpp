#include "kernel/detour/detour.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/assert.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/detour/sleepms_slot.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/floating_point.hpp"
#include "kernel/sched/print_ended.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/stack.hpp"
#include "kernel/sched/switch_hold.hpp"
#include "kernel/sched/window.hpp"

#include <xinu/stackroom.h>

namespace detour
{

namespace
{

constexpr uint32_t kMaxAlarmMsec = 5000;

// What a detour puts on the stack below the frame of the interrupted code: the claimed callbacks and the return address
// of the one that runs.
constexpr uint32_t kBelowFrame = CLAIMED_BYTES + sizeof(uint32_t);
constexpr uint32_t kFrameBytes = INTERRUPTED_WORDS * sizeof(uint32_t); // cbfreturn builds it itself

uint32_t cbfreturn_address()
{
    return address_of(&cbfreturn);
}

[[noreturn]] void report_full_stack()
{
    print_ended("its stack is too full for an event callback (%u bytes must be free)", CALLBACK_STACK_ROOM);
    end_current_process();
}

// Ends the current process if less than CALLBACK_STACK_ROOM bytes of its stack lie below this address (R21). The report
// needs more than that, so it runs on the exit stack. A process that runs on a stack it allocated itself is responsible
// for its size: the kernel does not know where that ends.
void require_room_below(uint32_t lowest_written)
{
    const procent &process = current_process();
    const uint32_t guard_page = stack_low(process) - kPageBytes;
    if (lowest_written - guard_page < kPageBytes + CALLBACK_STACK_ROOM)
        abandon_stack(report_full_stack);
}

// Makes sleepms() return into cbfreturn instead. In this order a debugger finds the way at each instruction.
void plant(procent &process, uint32_t *slot)
{
    DEBUG_ASSERT(arch::interrupts_masked());
    DEBUG_ASSERT(process.prdetour.original == 0 && *slot != cbfreturn_address());
    process.prdetour.original = *slot;
    __atomic_signal_fence(__ATOMIC_RELEASE);
    process.prdetour.slot = slot;
    __atomic_signal_fence(__ATOMIC_RELEASE);
    *slot = cbfreturn_address();
}

// Takes back the registrations whose event is due.
[[gnu::always_inline]] inline void claim(procent &process, bool alarm, bool message, Claimed &claimed)
{
    DEBUG_ASSERT(arch::interrupts_masked());
    DEBUG_ASSERT(process.pretype == process.pralarmreg + CB_MESSAGE * process.prmsgreg);
    claimed = {};
    // [lab alarm 2
    if (alarm) {
        claimed.alarm = process.prcbf1;
        process.pralarmreg = 0;
        process.pretype &= ~CB_ALARM;
        process.prdetour.running |= CB_ALARM;
    }
    // lab]
    // [lab message 5
    if (message) {
        claimed.message = process.prcbf2;
        process.prmsgreg = 0;
        process.prdetour.arrived = 0;
        process.pretype &= ~CB_MESSAGE;
        process.prdetour.running |= CB_MESSAGE;
    }
    // lab]
    if (process.prring != 0 || process.prfloat != 0) [[unlikely]] {
        publish_registrations(process);
        if (process.prfloat != 0)
            close_float();
    }
}

CodeRange range(const char *begin, const char *end)
{
    return {address_of(begin), address_of(end)};
}

} // namespace

void claim_due(procent &process, Claimed &claimed)
{
    claim(process, alarm_is_due(process), message_is_due(process), claimed);
}

bool register_alarm(procent &process, callback function, uint32_t msec)
{
    if (process.pralarmreg != 0)
        return false;
    process.pralarmtime = clkcountermsec + msec;
    process.prcbf1 = function;
    process.pralarmreg = 1;
    process.pretype |= CB_ALARM;
    publish_registrations(process);
    return true;
}

bool register_message(procent &process, callback function)
{
    if (process.prmsgreg != 0)
        return false;
    process.prcbf2 = function;
    process.prmsgreg = 1;
    process.pretype |= CB_MESSAGE;
    process.prdetour.arrived = process.prhasmsg; // a message that waits already counts as arriving now (R12)
    publish_registrations(process);
    return true;
}

bool register_event(procent &process, uint16 kind, callback function, uint32_t val)
{
    if (kind == CB_ALARM && val <= kMaxAlarmMsec)
        return register_alarm(process, function, val);
    return kind == CB_MESSAGE && register_message(process, function);
}

void message_arrived(ProcessId pid)
{
    procent &process = process_entry(pid);
    if (process.prmsgreg == 0 || process.prdetour.arrived != 0)
        return;
    process.prdetour.arrived = 1;
    if (pid == current_id() || !message_is_due(process) || process.prdetour.original != 0)
        return;
    const uint32_t slot = find_sleepms_slot(stack_of(process), address_of(process.prstkptr),
                                            range(resched_text, resched_etext), range(sleepms_text, sleepms_etext));
    if (slot != 0 && slot == address_of(process.prdetour.sleeping)) // otherwise the clock will find the event (R16)
        plant(process, process.prdetour.sleeping);
}

void prepare_sleepms_return(uint32_t *slot)
{
    procent &process = current_process();
    if (process.prdetour.original == 0) {
        // [lab hijack 4
        if (!anything_due(process) && process.prdetour.vacation == nullptr)
            return;
        // lab]
        plant(process, slot);
    } else if (*slot != cbfreturn_address()) {
        // Planted by send(), and displaced since: other code has put its own address there and owns the word now. The
        // clock delivers the event, and the original is kept for a jump of that code to cbfreturn.
        process.prdetour.slot = nullptr;
        return;
    }
    // cbfreturn finds ESP just above the slot.
    require_room_below(address_of(slot + 1) - kFrameBytes - kBelowFrame);
}

} // namespace detour

using namespace detour;

bool detour_at_tick(const arch::InterruptFrame *frame, Claimed *claimed)
{
    procent &process = keep_address(current_process());
    const bool alarm = alarm_is_due(process);
    const bool message = message_is_due(process);
    if ((!alarm && !message) || process.prdetour.slot != nullptr) // sleepms() is going to return into its detour
        return false;
    if (switches_held) // a report or other long work of the kernel, which a callback could leave half done
        return false;
    if (process.prring != 0) // in write() or sbrk(), which let interrupts in: delivered on its way out (R24)
        return false;
    require_room_below(address_of(frame) - kBelowFrame);
    claim(process, alarm, message, *claimed);
    return true;
}

void detour_at_return(ReturnOfSleepms *frame)
{
    procent &process = current_process();
    claim_due(process, frame->claimed.events);
    // [lab hijack 4
    frame->claimed.vacation = process.prdetour.vacation;
    process.prdetour.vacation = nullptr;
    // lab]
    // At each instruction a debugger finds the address here or there: it is stored before what leads to it goes.
    frame->eip = process.prdetour.original;
    __atomic_signal_fence(__ATOMIC_RELEASE);
    process.prdetour.slot = nullptr;
    process.prdetour.original = 0;
}

void detour_finished(uint32_t kind)
{
    procent &process = current_process();
    process.prdetour.running &= static_cast<uint16>(~kind);
    if (process.prfloat != 0)
        float_callback_finished();
}
