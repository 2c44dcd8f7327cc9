// clock_events.cpp - arch/x86/entry/clkdisp.S: ticks, and the detours that begin there
#include "tests/model/events.hpp"
#include "tests/model/system_calls.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/claimed.h"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu/clock.h>
#include <xinu/stackroom.h>

#include <cstring>

namespace detour::model
{

namespace
{

void pass_time(State &now)
{
    if (now.spec.alarm_left > 0)
        --now.spec.alarm_left;
}

// clkdisp.S, after clkhandler(). `held`: nothing may begin now.
void decide(Step &step, const arch::InterruptFrame *frame, bool held = false)
{
    Claimed claimed{on_nothing, on_nothing};
    const bool any = step.process().pretype != 0 && detour_at_tick(frame, &claimed);
    const uint8_t kinds = held || waits_for_return(step.now) ? 0 : due_kinds(step.now);
    require(!any || kinds != 0, "R6 R11 R16", "the clock begins a detour that should not begin now");
    require(any || kinds == 0, "R6 R12 R16", "the clock does not begin a detour for what is due");
    if (!any)
        return;
    static_assert(sizeof claimed == 2 * sizeof(ClaimedWords::value_type));
    ClaimedWords words{}; // cbfmanager pushes a 0 for the vacation
    std::memcpy(words.data(), &claimed, sizeof claimed);
    begin_detour(step.now, words, kinds, Word::kNone);
}

bool tick(Step &step)
{
    if (!step.now.current())
        return false;
    step.begin();
    arch::disable_interrupts();
    clkhandler();
    pass_time(step.now);
    decide(step, step.machine.frame_on(step.level()));
    step.end();
    return true;
}

bool tick_with_switches_held(Step &step)
{
    if (!step.runs(At::kCode))
        return false;
    step.begin();
    arch::disable_interrupts();
    switches_held = true;
    clkhandler();
    pass_time(step.now);
    decide(step, step.machine.frame_on(step.level()), true);
    step.end();
    return true;
}

// In a long call of ring 3, which lets interrupts in: the detour begins on its way out.
bool tick_in_ring_3_call(Step &step)
{
    if (!step.runs(At::kCode))
        return false;
    step.begin();
    arch::disable_interrupts();
    step.process().prring = 3;
    clkhandler();
    pass_time(step.now);
    decide(step, step.machine.frame_on(step.level()), true);
    step.process().prring = 0;
    step.end();
    return true;
}

bool tick_that_preempts(Step &step)
{
    if (!step.now.current())
        return false;
    step.begin();
    step.machine.let_q_be_ready();
    arch::disable_interrupts();
    preempt = 1;
    step.machine.leave(clkhandler);
    pass_time(step.now);
    step.now.where = Where::kPreempted;
    step.end();
    return true;
}

bool go_on_in_clkdisp(Step &step)
{
    if (step.now.where != Where::kPreempted)
        return false;
    step.machine.go_on(step.now, [] {
        arch::disable_interrupts();
        preempt = 1;
        clkhandler();
    });
    step.now.where = Where::kCurrent;
    decide(step, step.machine.frame_on(step.level()));
    step.end();
    return true;
}

// R21: with just the room that it needs, and with one word less.
bool tick_on_almost_full_stack(Step &step)
{
    if (!step.runs(At::kCode) || due_kinds(step.now) == 0)
        return false;
    for (const uint32_t missing : {0U, 4U}) {
        State now = step.now;
        Step again{step.machine, step.scenario, now};
        again.begin();
        arch::disable_interrupts();
        bool ended = false;
        try {
            decide(again, step.machine.frame_above_low(CALLBACK_STACK_ROOM + kWordsBelowFrame - missing));
        } catch (const fake::AbandonedStack &) {
            ended = true;
        }
        require(ended == (missing != 0), "R21",
                ended ? "the process is ended, though its stack has room" : "a detour begins on a stack without room");
    }
    return true;
}

bool tick_of_others(Step &step)
{
    if (step.now.current())
        return false;
    step.begin();
    arch::disable_interrupts();
    clkhandler();
    pass_time(step.now);
    step.end();
    return true;
}

// Its time is over.
bool tick_that_wakes(Step &step)
{
    State &now = step.now;
    if (now.where != Where::kAsleep && now.where != Where::kReceivingTimed)
        return false;
    step.begin();
    arch::disable_interrupts();
    sleep_queue.remove(step.machine.p());
    wake_after(step.machine.p(), 1);
    clkhandler();
    now.where = now.where == Where::kAsleep ? Where::kWoken : Where::kReceivedTimed;
    pass_time(now);
    step.end();
    return true;
}

constexpr Event kEvents[] = {
    {"a tick", tick, Calm::kTick},
    {"a tick while the kernel holds the switches", tick_with_switches_held},
    {"a tick in a call of ring 3 that lets interrupts in", tick_in_ring_3_call},
    {"a tick at which it is preempted", tick_that_preempts},
    {"it goes on at the end of the tick that preempted it", go_on_in_clkdisp, Calm::kYes},
    {"a tick on an almost full stack", tick_on_almost_full_stack},
    {"a tick while others run", tick_of_others},
    {"a tick at which its time is over", tick_that_wakes, Calm::kYes},
};

} // namespace

std::span<const Event> events_of_clock()
{
    return kEvents;
}

} // namespace detour::model
