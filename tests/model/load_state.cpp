// load_state.cpp - puts a state into the kernel
#include "tests/model/machine.hpp"
#include "tests/model/system_calls.hpp"

#include "kernel/sched/clock.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu/clock.h>
#include <xinu/saved_stack.h>

#include <algorithm>

namespace detour::model
{

namespace
{

constexpr uint32_t kNow = 0xFFFFFFFF;       // the next tick is across the wrap of clkcountermsec
constexpr uint32_t kLongAgo = 0x7FFFFFF0;   // the signed difference is still right
constexpr uint32_t kLongSleep = 0x01000000; // no tick of the model wakes from it
constexpr pri16 kPriority = 20, kHigherPriority = 30;

} // namespace

uint16 Machine::state_for(Where where)
{
    switch (where) {
    case Where::kCurrent:
        return PR_CURR;
    case Where::kSuspended:
    case Where::kWokenSuspended:
        return PR_SUSP;
    case Where::kWaiting:
        return PR_WAIT;
    case Where::kReceiving:
        return PR_RECV;
    case Where::kReceivingTimed:
        return PR_RECTIM;
    case Where::kAsleep:
        return PR_SLEEP;
    default:
        return PR_READY;
    }
}

// What means nothing has a value that would be noticed if it were used.
void Machine::load_fields(const State &state)
{
    const Fields &fields = state.fields;
    procent &p = process();
    clkcountermsec = kNow;
    p.prring = 0;
    p.pretype = fields.pretype;
    p.pralarmreg = fields.pralarmreg;
    p.prmsgreg = fields.prmsgreg;
    p.prcbf1 = fields.pralarmreg != 0 ? on_alarm : on_nothing;
    p.prcbf2 = fields.prmsgreg != 0 ? on_message : on_nothing;
    const bool long_ago = fields.pralarmreg == 0 || (fields.alarm_left == 0 && !state.current());
    p.pralarmtime = long_ago ? kNow - kLongAgo : kNow + fields.alarm_left;
    p.prhasmsg = fields.mail != 0 ? TRUE : FALSE;
    p.prmsg = fields.mail;
    detourstate &detours = p.prdetour;
    detours.running = fields.running;
    detours.arrived = fields.arrived;
    detours.vacation = fields.vacation != 0 ? on_vacation : nullptr;
    detours.slot = fields.slot != 0 ? slot(fields.slot - 1U) : nullptr;
    detours.sleeping =
        slot((fields.sleeping != 0 ? fields.sleeping : state.depth) - 1U); // the latest one, even if over
    detours.original = address_of_original(fields.original);
}

// The frames of a process that is switched out, as docs/callbacks.md has them, and the word of each sleepms(). Those of
// a process that runs are left over from its latest sleepms().
void Machine::load_stack(const State &state)
{
    const std::size_t count = kMaxLevels * kWordsOfLevel;
    uint32_t *const lowest = words(kMaxLevels - 1);
    std::fill_n(lowest, count, value_of(Word::kNone, 0));
    for (std::size_t level = 0; level < state.depth; ++level)
        *slot(level) = value_of(state.levels[level].word, level);
    uint32_t *const top = words(state.depth - 1U);
    const bool sleeps = state.in_frames_of_sleepms() || state.current();
    const uint32_t base = address_of(process().prstkbase);
    top[SAVED_LINK] = address_of(top + kReschedFrame);
    top[SAVED_RETURN] = address_of(resched_text) + 0x20;
    top[kReschedFrame + FRAME_LINK] = address_of(top + kSleepFrame);
    top[kReschedFrame + FRAME_RETURN] = address_of(sleeps ? sleepms_text : app_text) + 0x30;
    top[kSleepFrame + FRAME_LINK] = base;
    process().prstkptr = reinterpret_cast<char *>(top);
    image_.assign(lowest, lowest + count);
}

void Machine::unqueue(ProcessId pid)
{
    if (ready_queue.contains(pid))
        ready_queue.remove(process_links, pid);
    sleep_queue.remove(pid);
}

void Machine::load_queues(const State &state)
{
    unqueue(p_);
    unqueue(q_);
    procent &p = process();
    procent &q = process_entry(q_);
    p.prstate = state_for(state.where);
    p.prprio = kPriority;
    if (p.prstate == PR_CURR || p.prstate == PR_READY)
        ready_queue.insert(process_links, p_, kPriority);
    if (p.prstate == PR_SLEEP || p.prstate == PR_RECTIM)
        wake_after(p_, kLongSleep);
    q.prprio = kHigherPriority;
    q.prstate = state.current() ? PR_SUSP : PR_CURR;
    if (!state.current())
        ready_queue.insert(process_links, q_, kHigherPriority);
    currpid = static_cast<pid32>(state.current() ? p_ : q_);
}

void Machine::load(const State &state)
{
    load_fields(state);
    load_stack(state);
    load_queues(state);
    place_sleepms_frame(slot(state.depth - 1U));
    preempt = QUANTUM;
    sleepers_wait = false;
    switches_held = false;
    switch_wanted = false;
    fake::machine.switches.clear();
    arch::enable_interrupts();
}

} // namespace detour::model
