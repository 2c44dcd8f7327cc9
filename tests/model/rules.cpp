// rules.cpp - what docs/callbacks.md says of a state, and of what an event does to it
#include "tests/model/events.hpp"

#include <xinu/states.h>

namespace detour::model
{

namespace
{

bool is_planted(const State &state)
{
    return state.top().at != At::kCode && state.top().word == Word::kCbfreturn;
}

void check_registrations(const Fields &fields, const Spec &spec)
{
    require(fields.pretype == fields.pralarmreg + 2 * fields.prmsgreg, "R2",
            "pretype is not pralarmreg + 2 * prmsgreg");
    require(fields.pralarmreg == spec.alarm, spec.alarm ? "R7" : "R3 R10",
            spec.alarm ? "an alarm is lost" : "an alarm is still registered");
    require(!spec.alarm || fields.alarm_left == spec.alarm_left, "R1 R6", "pralarmtime has another time");
    require(fields.prmsgreg == spec.message, spec.message ? "R12 R15" : "R3 R10",
            spec.message ? "a message callback is lost" : "a message callback is still registered");
    require(fields.arrived == (spec.message && spec.occurred), "R12",
            spec.occurred ? "a message event is lost" : "a message event that has not occurred");
    require(fields.vacation == spec.vacation, "R20",
            spec.vacation ? "a vacation is lost" : "a vacation is still there");
    require(fields.mail == (spec.mail ? kMessageText : 0), "R18", "the mailbox has another content");
}

void check_running(const State &state)
{
    unsigned alarms = 0, messages = 0;
    for (std::size_t i = 0; i < state.depth; ++i) {
        alarms += (state.levels[i].claimed & kClaimedAlarm) != 0;
        messages += (state.levels[i].claimed & kClaimedMessage) != 0;
    }
    require(alarms <= 1 && messages <= 1, "R11", "a callback is claimed while its kind runs");
    require(state.fields.running == (state.open_kinds() & (CB_ALARM | CB_MESSAGE)), "R11 R19",
            "the kinds that count as running are not those of the open detours");
}

void check_planted(const State &state)
{
    unsigned planted = 0;
    for (std::size_t i = 0; i < state.depth; ++i)
        planted += state.levels[i].word == Word::kCbfreturn;
    require(planted <= 1 && (planted == 0 || is_planted(state)), "R18", "more than one return address is planted");
    require(planted == 0 || !state.spec.kept, "R18", "planted while another original address is kept");
    require(state.fields.original == state.spec.original, "R18",
            state.spec.original != 0 ? "the original return address is lost" : "an original address that is none");
    require(state.fields.slot == (waits_for_return(state) ? state.depth : 0), "R13 R16",
            "the slot is not that of the planted return address");
    require(!state.in_frames_of_sleepms() || state.fields.sleeping != 0, "R13", "sleepms() has not noted its slot");
}

} // namespace

void check_state(const State &state)
{
    check_registrations(state.fields, state.spec);
    check_running(state);
    check_planted(state);
}

// Or displaced, and sleepms() has not seen it yet.
bool waits_for_return(const State &state)
{
    const Level &top = state.top();
    return is_planted(state) || (top.at == At::kSleeping && top.word == Word::kOther && top.found == Word::kCbfreturn);
}

uint8_t due_kinds(const State &now)
{
    const unsigned due = (now.alarm_due() ? kClaimedAlarm : 0U) | (now.message_due() ? kClaimedMessage : 0U);
    return static_cast<uint8_t>(due & ~unsigned{now.open_kinds()}); // R11
}

void expect_message(State &now)
{
    now.spec.mail = true;
    if (now.where == Where::kReceiving) { // R12: the registration stays
        now.where = Where::kReceived;
    } else if (now.where == Where::kReceivingTimed) {
        now.where = Where::kReceivedTimed;
    } else if (now.spec.message && !now.spec.occurred) {
        now.spec.occurred = true;
        const bool can_plant = now.in_frames_of_sleepms() && now.fields.sleeping == now.depth;
        if (can_plant && (now.open_kinds() & kClaimedMessage) == 0 && now.spec.original == 0) { // R13; else R11, R18
            now.spec.original = now.top().word == Word::kHome ? home_of(now.depth - 1U) : other_of(now.depth - 1U);
            now.top().word = Word::kCbfreturn;
        }
    }
}

void expect_end_of_sleepms(State &now)
{
    Level &top = now.top();
    top.at = At::kReturning;
    if (now.spec.original == 0 && (due_kinds(now) != 0 || now.spec.vacation)) { // R7, R20
        now.spec.original = top.word == Word::kHome ? home_of(now.depth - 1U) : other_of(now.depth - 1U);
        top.word = Word::kCbfreturn;
    }
}

} // namespace detour::model
