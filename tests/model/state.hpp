// state.hpp - a state of the explored model: one process, as far as the rules of docs/callbacks.md speak of it
//
// Nothing in a state is an absolute time or an address, so there are finitely many of them.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace detour::model
{

// What executes on a level of the process's stack.
enum class Code : uint8_t {
    kMain,
    kAlarm,
    kMessage,
    kVacation,
    kOther, // course code that put its own address in place of the return address of a sleepms()
};

// How far this code is.
enum class At : uint8_t {
    kCode,      // outside sleepms(): it may make any call
    kSleeping,  // in sleepms(), before prepare_sleepms_return()
    kReturning, // after that, before the ret
};

// A word that may be the return address of a sleepms().
enum class Word : uint8_t { kNone, kHome, kCbfreturn, kOther };

// Bits of Level::claimed, in the order in which cbfmanager.S pops the words.
constexpr uint8_t kClaimedAlarm = 1, kClaimedMessage = 2, kClaimedVacation = 4;

// The main function, a detour, or course code that a return address leads to; from the base of the stack upwards.
struct Level {
    Code code = Code::kMain;
    At at = At::kCode;
    Word word = Word::kNone;   // the return address of the sleepms() that this code is in
    Word found = Word::kNone;  // what course code found in it when it put its own there
    Word jump = Word::kNone;   // course code: what it had found, and may jump to
    uint8_t claimed = 0;       // a detour: its callbacks that have not returned. The first of them runs.
    Word resume = Word::kNone; // a detour on a return: where the level below goes on; kNone: where it was interrupted
    bool operator==(const Level &) const = default;
};

// Where the process is, for the scheduler.
enum class Where : uint8_t {
    kCurrent,
    kPreempted,      // ready; switched out in clkhandler()
    kYielding,       // ready; in yield(), or in another call that switches
    kSuspended,      // by itself
    kWaiting,        // for a semaphore
    kReceiving,      // blocked in receive()
    kReceived,       // ready, in receive()
    kReceivingTimed, // blocked in recvtime()
    kReceivedTimed,  // ready, in recvtime(): a message came, or its time is over
    kAsleep,         // in sleepms()
    kWoken,          // ready, in sleepms()
    kWokenSuspended, // suspended after waking
    kYieldingAsleep, // ready, in sleepms(0)
};

// The fields of the table entry. What means nothing at the moment is 0.
struct Fields {
    uint8_t pretype = 0, pralarmreg = 0, prmsgreg = 0;
    uint8_t alarm_left = 0; // msec until it is due; 0: it is due
    uint8_t running = 0, arrived = 0;
    uint8_t vacation = 0;
    uint8_t slot = 0,
            sleeping = 0; // the level whose sleepms() has this slot, counted from 1; kUnknown: an address that
                          // is none
    uint8_t original = 0; // home_of() or other_of() a level
    uint8_t mail = 0;
    bool operator==(const Fields &) const = default;
};
constexpr uint8_t kUnknown = 255;
constexpr uint8_t kOtherBase = 100;
constexpr uint8_t home_of(std::size_t level)
{
    return static_cast<uint8_t>(level + 1);
}
constexpr uint8_t other_of(std::size_t level)
{
    return static_cast<uint8_t>(kOtherBase + level);
}

// What the rules say about the process, kept by the model alone ("ghost" state).
struct Spec {
    bool alarm = false, message = false; // registered: its callback has to run once if the event occurs, else never
    uint8_t alarm_left = 0;
    bool occurred = false; // the message event
    bool vacation = false;
    bool mail = false;
    bool kept = false;    // an original address is kept whose word course code has taken over
    uint8_t original = 0; // the return address whose place cbfreturn took
    bool operator==(const Spec &) const = default;
};

constexpr std::size_t kMaxLevels = 6;

struct State {
    Fields fields;
    Spec spec;
    Where where = Where::kCurrent;
    uint8_t depth = 1; // levels in use
    std::array<Level, kMaxLevels> levels{};
    bool operator==(const State &) const = default;

    Level &top() { return levels[depth - 1U]; }
    const Level &top() const { return levels[depth - 1U]; }
    void push(const Level &level);
    bool current() const { return where == Where::kCurrent; }
    bool in_frames_of_sleepms() const
    {
        return where == Where::kAsleep || where == Where::kWoken || where == Where::kWokenSuspended;
    }
    bool is_in_sleepms() const // on any level; else `sleeping` means nothing
    {
        for (std::size_t i = 0; i < depth; ++i)
            if (levels[i].at == At::kSleeping)
                return true;
        return false;
    }
    bool alarm_due() const { return spec.alarm && spec.alarm_left == 0; }
    bool message_due() const { return spec.message && spec.occurred; }
    uint8_t open_kinds() const // claimed by any detour
    {
        uint8_t kinds = 0;
        for (std::size_t i = 0; i < depth; ++i)
            kinds |= levels[i].claimed;
        return kinds;
    }
};
static_assert(std::has_unique_object_representations_v<State>, "hashed as bytes");

// A rule does not hold.
struct Violation {
    std::string rule;
    std::string what;
    std::string fields{}; // of the kernel, when it was found
};

inline void require(bool holds, const char *rule, const char *what)
{
    if (!holds) [[unlikely]]
        throw Violation{rule, what};
}

inline void State::push(const Level &level)
{
    require(depth < kMaxLevels, "R11", "more detours are open than there can be");
    levels[depth++] = level;
}

std::string describe(const State &state);

} // namespace detour::model
