// describe.cpp - a state in words
#include "tests/model/state.hpp"

namespace detour::model
{

namespace
{

const char *name_of(Code code)
{
    constexpr const char *kNames[] = {"main", "alarm callback", "message callback", "vacation", "course code"};
    return kNames[static_cast<unsigned>(code)];
}

const char *name_of(Where where)
{
    constexpr const char *kNames[] = {"runs",
                                      "preempted",
                                      "ready, in a call",
                                      "suspended",
                                      "waits for a semaphore",
                                      "blocked in receive()",
                                      "ready, in receive()",
                                      "blocked in recvtime()",
                                      "ready, in recvtime()",
                                      "asleep",
                                      "woken",
                                      "suspended after waking",
                                      "ready, in sleepms(0)"};
    return kNames[static_cast<unsigned>(where)];
}

const char *name_of(Word word)
{
    constexpr const char *kNames[] = {"nothing", "home", "cbfreturn", "course code"};
    return kNames[static_cast<unsigned>(word)];
}

std::string describe(const Level &level)
{
    std::string text = name_of(level.code);
    if (level.at == At::kSleeping)
        text += std::string(" in sleepms() -> ") + name_of(level.word);
    else if (level.at == At::kReturning)
        text += std::string(" before the ret of sleepms() -> ") + name_of(level.word);
    if (level.found != Word::kNone)
        text += std::string(" (displaced: ") + name_of(level.found) + ")";
    if (level.jump != Word::kNone)
        text += std::string(" (may jump to ") + name_of(level.jump) + ")";
    const unsigned others = level.claimed & (level.claimed - 1U);
    if ((others & kClaimedMessage) != 0)
        text += ", then message";
    if ((others & kClaimedVacation) != 0)
        text += ", then vacation";
    return text;
}

std::string original(uint8_t value)
{
    if (value == 0)
        return "0";
    if (value == kUnknown)
        return "unknown";
    const bool home = value < kOtherBase;
    return (home ? "home of level " : "course code of level ") + std::to_string(home ? value : value - kOtherBase + 1);
}

std::string slot(uint8_t value)
{
    return value == 0 ? "NULL" : value == kUnknown ? "unknown" : "of level " + std::to_string(value);
}

} // namespace

std::string describe(const State &state)
{
    const Fields &f = state.fields;
    std::string text = "pretype " + std::to_string(f.pretype) + " pralarmreg " + std::to_string(f.pralarmreg);
    if (f.pralarmreg != 0)
        text += " (due in " + std::to_string(f.alarm_left) + ")";
    text += " prmsgreg " + std::to_string(f.prmsgreg) + " arrived " + std::to_string(f.arrived) + " running " +
            std::to_string(f.running) + " vacation " + std::to_string(f.vacation) + " prhasmsg " +
            std::to_string(f.mail != 0) + "; slot " + slot(f.slot) + ", sleeping " + slot(f.sleeping) + ", original " +
            original(f.original) + "; " + name_of(state.where) + "; stack: ";
    for (std::size_t level = 0; level < state.depth; ++level)
        text += (level != 0 ? " | " : "") + describe(state.levels[level]);
    return text;
}

} // namespace detour::model
