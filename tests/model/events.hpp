// events.hpp - what can happen to the process, one step at a time
#pragma once

#include "tests/model/machine.hpp"
#include "tests/model/state.hpp"

#include <optional>
#include <span>
#include <string>

namespace detour::model
{

// How much of what could happen a scenario has.
struct Scenario {
    const char *name;
    bool alarms, messages;
    uint8_t vacations; // how many may be open at a time: a vacation may call dreamvac() and sleepms() itself
    bool other_code;   // displaces return addresses
    bool blocking;     // receive(), recvtime(), semaphores, yield(), suspend()
};

// One step from a state. An event changes `now` (the state, and what the rules say about it) and calls the kernel.
struct Step {
    Machine &machine;
    const Scenario &scenario;
    State now;

    procent &process() const { return machine.process(); }
    std::size_t level() const { return now.depth - 1U; }
    bool runs(At at) const { return now.current() && now.top().at == at; }
    void begin() { machine.load(now); }
    void end() { machine.save(now); }
};

// Whether an event is a step of a process that has nothing more to do: it ends what it has begun, and takes its ticks.
enum class Calm : uint8_t {
    kNo,
    kYes,
    kIfBlocked, // if there is no other way to go on
    kTick,      // if there is something due outside sleepms()
};

struct Event {
    const char *name;
    bool (*happen)(Step &step); // false if it cannot happen in this state; throws Violation
    Calm calm = Calm::kNo;
};

std::span<const Event> events_of_process();
std::span<const Event> events_of_clock();
std::span<const Event> events_of_sleepms();
std::span<const Event> events_of_detours();
std::span<const Event> events_of_others();

// What the rules say must be so in every state. Throws Violation.
void check_state(const State &state);

constexpr uint8_t kMessageText = 7, kSecondText = 9; // of the message that arrives, and of one that is refused

// Shared by the events: the rules' side of a message, and of the end of a sleepms().
void expect_message(State &now);
void expect_end_of_sleepms(State &now);
uint8_t due_kinds(const State &now);       // due, and the kind does not run: kClaimedAlarm, kClaimedMessage
bool waits_for_return(const State &state); // planted: the clock begins no detour

// The words of claimed callbacks, as they lie on the stack: alarm, message, vacation, the lowest address first.
using ClaimedWords = std::array<callback, 3>;

// A detour begins: what it has claimed must be exactly `kinds`, in this order (R10, R11, R19). resume: Level::resume.
void begin_detour(State &now, const ClaimedWords &words, uint8_t kinds, Word resume);

// What a detour writes below the frame of the interrupted code: three callbacks and a return address; and that frame.
constexpr uint32_t kWordsBelowFrame = 16, kFrameOfReturn = 44;

} // namespace detour::model
