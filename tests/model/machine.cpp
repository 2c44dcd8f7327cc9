#include "tests/model/machine.hpp"
#include "tests/model/system_calls.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/process/process.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu/clock.h>
#include <xinu/saved_stack.h>

#include <algorithm>
#include <cstring>

namespace detour::model
{

namespace
{

constexpr uint32_t kNoAddress = 0x00777770;
constexpr uint32_t kHome = 0x00345000, kOther = 0x00456000, kCodeBytes = 0x100;
constexpr pri16 kPriority = 20;

uint32_t *place_of_sleepms_frame = nullptr;

struct Switched {
}; // P is switched out

} // namespace

void *frame_of_sleepms(int)
{
    return place_of_sleepms_frame;
}

// All entries of the table are taken but one. So a process that begins when P has ended gets P's entry.
Machine::Machine()
{
    SetUp();
    q_ = create(kPriority);
    new_process();
    while (prcount < NPROC)
        create(kPriority);
    load(State{});
}

void Machine::new_process()
{
    p_ = create(kPriority);
}

uint32_t *Machine::words(std::size_t level) const
{
    return reinterpret_cast<uint32_t *>(process().prstkbase) - (level + 1) * kWordsOfLevel;
}

void Machine::place_sleepms_frame(uint32_t *slot)
{
    place_of_sleepms_frame = slot - FRAME_RETURN;
}

const arch::InterruptFrame *Machine::frame_on(std::size_t level) const
{
    return reinterpret_cast<const arch::InterruptFrame *>(words(level) + 2);
}

const arch::InterruptFrame *Machine::frame_above_low(uint32_t bytes) const
{
    return reinterpret_cast<const arch::InterruptFrame *>(uintptr_t{stack_low_end() + bytes});
}

uint32_t Machine::value_of(Word word, std::size_t level) const
{
    const auto offset = static_cast<uint32_t>(level) * kCodeBytes;
    switch (word) {
    case Word::kHome:
        return kHome + offset;
    case Word::kOther:
        return kOther + offset;
    case Word::kCbfreturn:
        return detour::address_of(&cbfreturn);
    default:
        return kNoAddress;
    }
}

uint32_t Machine::address_of_original(uint8_t original) const
{
    if (original == 0)
        return 0;
    return original < kOtherBase ? value_of(Word::kHome, original - 1U) : value_of(Word::kOther, original - kOtherBase);
}

void Machine::let_q_be_ready()
{
    process_entry(q_).prprio = kPriority;
    process_entry(q_).prstate = PR_READY;
    ready_queue.insert(process_links, q_, kPriority);
}

void Machine::leave(const std::function<void()> &call)
{
    fake::machine.on_switch = [] { throw Switched{}; };
    try {
        call();
    } catch (const Switched &) {
        fake::machine.on_switch = nullptr;
        return;
    }
    throw Violation{"the model", "the process was to be switched out, and was not"};
}

void Machine::go_on(const State &state, const std::function<void()> &call)
{
    State begun; // any that gets as far as the switch
    load(begun);
    place_sleepms_frame(slot(state.depth - 1U));
    let_q_be_ready();
    bool switched = false;
    fake::machine.on_switch = [&] {
        const bool masked = arch::interrupts_masked();
        State current = state;
        current.where = Where::kCurrent;
        load(current);
        switched = true;
        arch::write_flags(masked ? 0 : arch::kInterruptFlag);
        fake::machine.switches.push_back({p_, q_}); // ctxsw() looks at it once more
    };
    call();
    fake::machine.on_switch = nullptr;
    require(switched, "the model", "the call was to switch, and did not");
}

void Machine::end(const State &state)
{
    load(state);
    if (state.current())
        end_current();
    else
        (void)xinu_kill(static_cast<pid32>(p_));
    const ProcessId entry = p_;
    currpid = kNullProcess;
    proctab[kNullProcess].prstate = PR_CURR;
    new_process();
    require(p_ == entry, "the model", "the new process has another entry");
    const procent &p = process();
    const detourstate &d = p.prdetour;
    require(p.pretype == 0 && p.pralarmreg == 0 && p.pralarmtime == 0 && p.prcbf1 == nullptr && p.prmsgreg == 0 &&
                p.prcbf2 == nullptr && p.prhasmsg == FALSE,
            "R4", "a new process has a registration or a message");
    require(d.running == 0 && d.arrived == 0 && d.vacation == nullptr && d.slot == nullptr && d.sleeping == nullptr &&
                d.original == 0,
            "R4", "a new process has the detours of the last one");
}

} // namespace detour::model
