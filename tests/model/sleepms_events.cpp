// sleepms_events.cpp - sleepms(), from its call to the decision at its end
#include "tests/model/events.hpp"
#include "tests/model/system_calls.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu/stackroom.h>

namespace detour::model
{

namespace
{

bool begin_to_sleep(Step &step, int32 msec, Where where)
{
    if (!step.runs(At::kCode))
        return false;
    step.now.top().word = Word::kHome; // pushed by the call
    step.begin();
    if (where == Where::kYieldingAsleep)
        step.machine.let_q_be_ready();
    else
        step.process().prdetour.sleeping = nullptr; // sleepms() is to note its slot
    step.machine.leave([msec] { (void)sleepms(msec); });
    step.now.top().at = At::kSleeping;
    step.now.where = where;
    step.end();
    require(where != Where::kAsleep || step.now.fields.sleeping == step.now.depth, "R13",
            "sleepms() has not noted its slot");
    return true;
}
bool falls_asleep(Step &step)
{
    return begin_to_sleep(step, 1, Where::kAsleep);
}
bool sleeps_for_0(Step &step)
{
    return step.scenario.blocking && begin_to_sleep(step, 0, Where::kYieldingAsleep);
}

template <int32 kMsec> bool sleeps_not_at_all(Step &step)
{
    if (!step.runs(At::kCode))
        return false;
    step.now.top().word = Word::kHome;
    step.begin();
    require(sleepms(kMsec) == (kMsec < 0 ? SYSERR : OK), "R17", "sleepms() returns another value");
    expect_end_of_sleepms(step.now);
    step.end();
    return true;
}

bool end_sleep(Step &step, int32 msec)
{
    step.machine.go_on(step.now, [msec] { require(sleepms(msec) == OK, "R17", "sleepms() returns another value"); });
    step.now.where = Where::kCurrent;
    expect_end_of_sleepms(step.now);
    step.end();
    return true;
}
bool goes_on_in_sleepms(Step &step)
{
    return (step.now.where == Where::kWoken || step.runs(At::kSleeping)) && end_sleep(step, 1);
}
bool goes_on_in_sleepms_0(Step &step)
{
    return step.now.where == Where::kYieldingAsleep && end_sleep(step, 0);
}

// wake_more(): more sleepers are due, and interrupts come before sleepms() ends.
bool goes_on_and_lets_interrupts_in(Step &step)
{
    if (step.now.where != Where::kWoken)
        return false;
    step.now.where = Where::kCurrent;
    step.begin();
    step.end();
    return true;
}
bool switches_in_wake_more(Step &step)
{
    if (!step.runs(At::kSleeping))
        return false;
    step.begin();
    step.machine.let_q_be_ready();
    step.machine.leave(resched);
    step.now.where = Where::kWoken;
    step.end();
    return true;
}

bool return_on_almost_full_stack(Step &step)
{
    if (!step.runs(At::kCode))
        return false;
    State after = step.now;
    after.top().word = Word::kHome;
    expect_end_of_sleepms(after);
    const bool plants = after.top().word == Word::kCbfreturn;
    for (const uint32_t missing : {0U, 4U}) {
        step.begin();
        const uint32_t room = CALLBACK_STACK_ROOM + kWordsBelowFrame + kFrameOfReturn - 4 - missing;
        auto *const slot = reinterpret_cast<uint32_t *>(uintptr_t{step.machine.stack_low_end() + room});
        *slot = step.machine.value_of(Word::kHome, 0);
        step.machine.place_sleepms_frame(slot);
        bool ended = false;
        try {
            (void)sleepms(-1);
        } catch (const fake::AbandonedStack &) {
            ended = true;
        }
        require(ended == (plants && missing != 0), "R21",
                ended ? "the process is ended, though its stack has room"
                      : "a detour is planted on a stack without room");
    }
    return true;
}

constexpr Event kEvents[] = {
    {"it falls asleep in sleepms(1)", falls_asleep},
    {"it calls sleepms(0), and another process runs", sleeps_for_0},
    {"it calls sleepms(0), and goes on at once", sleeps_not_at_all<0>},
    {"it calls sleepms(-1)", sleeps_not_at_all<-1>},
    {"it goes on in sleepms()", goes_on_in_sleepms, Calm::kYes},
    {"it goes on in sleepms(0)", goes_on_in_sleepms_0, Calm::kYes},
    {"it goes on in sleepms(), where interrupts are let in", goes_on_and_lets_interrupts_in},
    {"it wakes others in sleepms(), which run first", switches_in_wake_more},
    {"a return of sleepms() on an almost full stack", return_on_almost_full_stack},
};

} // namespace

std::span<const Event> events_of_sleepms()
{
    return kEvents;
}

} // namespace detour::model
