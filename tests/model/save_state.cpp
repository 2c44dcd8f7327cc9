// save_state.cpp - takes a state out of the kernel
#include "tests/model/machine.hpp"
#include "tests/model/system_calls.hpp"

#include "kernel/sched/scheduler.hpp"

#include <xinu/clock.h>

#include <algorithm>
#include <cstring>

namespace detour::model
{

namespace
{

uint8_t small(uint32_t value)
{
    return static_cast<uint8_t>(std::min(value, 255U));
}

} // namespace

Word Machine::word_at(std::size_t level) const
{
    for (const Word word : {Word::kHome, Word::kOther, Word::kCbfreturn})
        if (*slot(level) == value_of(word, level))
            return word;
    throw Violation{"R18",
                    "the return address of sleepms() is neither its own, nor cbfreturn, nor what other code wrote"};
}

uint8_t Machine::original_of(uint32_t address) const
{
    if (address == 0)
        return 0;
    for (std::size_t level = 0; level < kMaxLevels; ++level) {
        if (address == value_of(Word::kHome, level))
            return home_of(level);
        if (address == value_of(Word::kOther, level))
            return other_of(level);
    }
    return kUnknown;
}

uint8_t Machine::level_of(const uint32_t *of) const
{
    if (of == nullptr)
        return 0;
    for (std::size_t level = 0; level < kMaxLevels; ++level)
        if (of == slot(level))
            return static_cast<uint8_t>(level + 1);
    return kUnknown;
}

void Machine::save(State &state) const
{
    take_fields(state);
    check_stack(state);
    require(process().prstate == state_for(state.where), "R7 R12 R15", "the process is in another state");
    const bool sleeps = state.where == Where::kAsleep || state.where == Where::kReceivingTimed;
    require(sleep_queue.contains(p_) == sleeps, "R7 R15", "the process does not sleep for its full time");
}

void Machine::take_fields(State &state) const
{
    const procent &p = process();
    const detourstate &detours = p.prdetour;
    Fields fields;
    fields.pretype = small(p.pretype);
    fields.pralarmreg = small(p.pralarmreg);
    fields.prmsgreg = small(p.prmsgreg);
    if (p.pralarmreg != 0)
        fields.alarm_left =
            static_cast<uint8_t>(std::clamp(static_cast<int32_t>(p.pralarmtime - clkcountermsec), 0, 100));
    fields.running = small(detours.running);
    fields.arrived = small(detours.arrived);
    require(detours.vacation == nullptr || detours.vacation == on_vacation, "R20", "another function is the vacation");
    fields.vacation = detours.vacation != nullptr ? 1 : 0;
    fields.slot = level_of(detours.slot);
    fields.sleeping = state.is_in_sleepms() ? level_of(detours.sleeping) : 0;
    fields.original = original_of(detours.original);
    fields.mail = p.prhasmsg != FALSE ? small(p.prmsg) : 0;
    state.fields = fields;
    require(p.pralarmreg == 0 || p.prcbf1 == on_alarm, "R2", "prcbf1 is not the alarm callback");
    require(p.prmsgreg == 0 || p.prcbf2 == on_message, "R2", "prcbf2 is not the message callback");
}

void Machine::check_stack(const State &state) const
{
    const uint32_t *const lowest = words(kMaxLevels - 1);
    const uint32_t *const word = slot(state.depth - 1U);
    const std::size_t before = static_cast<std::size_t>(word - lowest);
    require(std::memcmp(lowest, image_.data(), before * sizeof *lowest) == 0 &&
                std::equal(image_.begin() + static_cast<std::ptrdiff_t>(before) + 1, image_.end(), word + 1),
            "R14", "a word of the stack has changed that is no return address of the sleepms() on its top");
    if (state.top().at == At::kCode) {
        require(*word == image_[before], "R14 R16", "a word has changed, but the process is not in sleepms()");
        return;
    }
    const Word found = word_at(state.depth - 1U);
    require(found == state.top().word, "R13 R16 R18 R20",
            found == Word::kCbfreturn              ? "the return address of sleepms() is planted for nothing"
            : state.top().word == Word::kCbfreturn ? "the return address of sleepms() is not planted"
                                                   : "the return address of sleepms() is another");
}

} // namespace detour::model
