// detour_events.cpp - arch/x86/entry/cbfmanager.S: what it does with what kernel/detour decides
#include "tests/model/events.hpp"
#include "tests/model/system_calls.hpp"

#include "kernel/base/arch.hpp"

#include <cstring>
#include <utility>

namespace detour::model
{

namespace
{

constexpr std::array<uint32_t, 3> kKinds{CB_ALARM, CB_MESSAGE, 0}; // of run_claimed

// cbfmanager.S: runs what is on the stack, from the lowest word on.
Code first_of(uint8_t claimed)
{
    return (claimed & kClaimedAlarm) != 0     ? Code::kAlarm
           : (claimed & kClaimedMessage) != 0 ? Code::kMessage
                                              : Code::kVacation;
}

void go_on_at(State &now, Word resume)
{
    if (resume == Word::kNone)
        return; // where it was interrupted
    Level &top = now.top();
    top.at = At::kCode;
    top.word = Word::kNone;
    const Word found = std::exchange(top.found, Word::kNone);
    if (resume == Word::kOther)
        now.push({.code = Code::kOther, .jump = found});
}

} // namespace

// R10, R11, R19: what is claimed is exactly `kinds`, in the order alarm, message, vacation.
void begin_detour(State &now, const ClaimedWords &words, uint8_t kinds, Word resume)
{
    constexpr ClaimedWords kFunctions{on_alarm, on_message, on_vacation};
    for (unsigned i = 0; i < words.size(); ++i) {
        const bool expected = (kinds & 1U << i) != 0;
        require(expected || words[i] == nullptr, "R11 R19 R20", "a callback is claimed that should not run now");
        require(!expected || words[i] != nullptr, "R6 R12 R19 R20", "a callback that should run now is not claimed");
        require(!expected || words[i] == kFunctions[i], "R19", "another function is claimed than was registered");
    }
    if ((kinds & kClaimedAlarm) != 0)
        now.spec.alarm = false, now.spec.alarm_left = 0;
    if ((kinds & kClaimedMessage) != 0)
        now.spec.message = now.spec.occurred = false;
    if ((kinds & kClaimedVacation) != 0)
        now.spec.vacation = false;
    if (kinds == 0)
        go_on_at(now, resume);
    else
        now.push({.code = first_of(kinds), .claimed = kinds, .resume = resume});
}

namespace
{

// cbfreturn, in cbfmanager.S, once the process is there.
void arrive_in_cbfreturn(Step &step)
{
    ReturnOfSleepms frame{{{on_nothing, on_nothing}, on_nothing}, {}, 0};
    arch::disable_interrupts();
    detour_at_return(&frame);
    State &now = step.now;
    require(now.spec.original != 0 && frame.eip == step.machine.address_of_original(now.spec.original), "R17 R18",
            "the detour does not go back to the original return address");
    ClaimedWords words{};
    static_assert(sizeof frame.claimed == sizeof words);
    std::memcpy(words.data(), &frame.claimed, sizeof words);
    const unsigned kinds = due_kinds(now) | (now.spec.vacation ? kClaimedVacation : 0U);
    const Word resume = now.spec.original < kOtherBase ? Word::kHome : Word::kOther;
    now.spec.original = 0;
    now.spec.kept = false;
    now.top().at = At::kCode;
    now.top().word = Word::kNone;
    begin_detour(now, words, static_cast<uint8_t>(kinds), resume);
    step.end();
}

bool returns_from_sleepms(Step &step)
{
    if (!step.runs(At::kReturning))
        return false;
    step.begin();
    const Word word = step.now.top().word;
    if (word == Word::kCbfreturn)
        arrive_in_cbfreturn(step);
    else
        go_on_at(step.now, word);
    return true;
}

bool callback_returns(Step &step)
{
    Level &top = step.now.top();
    if (!step.runs(At::kCode) || top.claimed == 0)
        return false;
    step.begin();
    arch::disable_interrupts();
    const auto running = static_cast<unsigned>(__builtin_ctz(top.claimed));
    detour_finished(kKinds[running]);
    top.claimed &= static_cast<uint8_t>(~(1U << running));
    top.code = first_of(top.claimed);
    if (top.claimed == 0) {
        const Word resume = top.resume;
        top = {};
        --step.now.depth;
        go_on_at(step.now, resume);
    }
    step.end();
    return true;
}

// ---- course code to which a displaced return address led ----

bool other_code_jumps(Step &step)
{
    if (!step.runs(At::kCode) || step.now.top().code != Code::kOther)
        return false;
    step.begin();
    const Word jump = step.now.top().jump;
    step.now.top() = {};
    --step.now.depth;
    if (jump == Word::kCbfreturn)
        arrive_in_cbfreturn(step);
    return true;
}

bool other_code_goes_home_itself(Step &step)
{
    if (!step.runs(At::kCode) || step.now.top().code != Code::kOther || step.now.top().jump != Word::kCbfreturn)
        return false;
    step.begin();
    step.now.top() = {};
    --step.now.depth;
    return true;
}

constexpr Event kEvents[] = {
    {"the ret of sleepms()", returns_from_sleepms, Calm::kYes},
    {"its callback returns", callback_returns, Calm::kYes},
    {"the course code jumps to the address that it displaced", other_code_jumps, Calm::kIfBlocked},
    {"the course code goes back without cbfreturn", other_code_goes_home_itself, Calm::kYes},
};

} // namespace

std::span<const Event> events_of_detours()
{
    return kEvents;
}

} // namespace detour::model
