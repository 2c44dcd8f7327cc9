#include "tests/model/explore.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace detour::model
{

namespace
{

constexpr uint32_t kNone = UINT32_MAX;
constexpr unsigned kMostCalmSteps = 100;

std::size_t hash_of(const State &state)
{
    return std::hash<std::string_view>{}({reinterpret_cast<const char *>(&state), sizeof state});
}

std::string first_line(const std::string &text)
{
    const std::size_t begin = text.find_first_not_of('\n');
    return begin == std::string::npos ? text : text.substr(begin, text.find('\n', begin) - begin);
}

bool anything_outstanding(const State &state)
{
    return state.alarm_due() || state.message_due();
}

// How well this event suits a process that has nothing more to do; 0: not at all.
int calmness(const Event &event, const State &state)
{
    switch (event.calm) {
    case Calm::kTick:
        return state.top().at == At::kCode && due_kinds(state) != 0 ? 3 : 0;
    case Calm::kYes:
        return 2;
    case Calm::kIfBlocked:
        return 1;
    default:
        return 0;
    }
}

} // namespace

void Explorer::grow()
{
    table_.assign(std::max<std::size_t>(1U << 16, table_.size() * 2), 0);
    for (uint32_t node = 0; node < nodes_.size(); ++node) {
        std::size_t place = hash_of(nodes_[node].state);
        while (table_[place & (table_.size() - 1)] != 0)
            ++place;
        table_[place & (table_.size() - 1)] = node + 1;
    }
}

uint32_t Explorer::add(const State &state, uint32_t parent, uint8_t event)
{
    if (nodes_.size() * 2 >= table_.size())
        grow();
    std::size_t place = hash_of(state);
    for (;; ++place) {
        uint32_t &entry = table_[place & (table_.size() - 1)];
        if (entry == 0) {
            const auto distance = parent == kNone ? 0 : nodes_[parent].distance + 1;
            nodes_.push_back({state, parent, kNone, event, false, static_cast<uint16_t>(distance)});
            entry = static_cast<uint32_t>(nodes_.size());
            numbers_.events = std::max<std::size_t>(numbers_.events, nodes_.back().distance);
            numbers_.deepest = std::max<std::size_t>(numbers_.deepest, state.depth);
            return entry - 1;
        }
        if (nodes_[entry - 1].state == state)
            return entry - 1;
    }
}

std::optional<Violation> Explorer::try_event(uint32_t node, std::size_t event, std::optional<State> &next)
{
    trying_node_ = node;
    trying_event_ = event;
    Step step{machine_, scenario_, nodes_[node].state};
    try {
        if (!events_[event].happen(step))
            return std::nullopt;
        check_state(step.now);
        next = step.now;
        return std::nullopt;
    } catch (const Violation &violation) {
        return Violation{violation.rule, violation.what, fields_after(step.now)};
    } catch (const fake::AbandonedStack &) {
        return Violation{"R21", "the process is ended, though its stack has room", fields_after(step.now)};
    } catch (const fake::PowerOff &) {
        return Violation{"an assertion", first_line(fake::machine.console), fields_after(step.now)};
    }
}

std::string Explorer::fields_after(State state) const
{
    try {
        machine_.take_fields(state);
        return describe(state);
    } catch (const Violation &violation) {
        return violation.what;
    }
}

std::optional<std::string> Explorer::expand(uint32_t node)
{
    int calmest = 0;
    for (std::size_t event = 0; event < events_.size(); ++event) {
        std::optional<State> next;
        if (const auto violation = try_event(node, event, next))
            return report(node, events_[event].name, *violation);
        if (!next)
            continue;
        ++numbers_.transitions;
        const uint32_t to = add(*next, node, static_cast<uint8_t>(event));
        if (const int calm = calmness(events_[event], nodes_[node].state); calm > calmest) {
            calmest = calm;
            nodes_[node].calm = to;
            nodes_[node].calm_is_tick = events_[event].calm == Calm::kTick;
        }
    }
    return std::nullopt;
}

// R12: what is due is claimed after a bounded number of ticks, from every state.
std::optional<std::string> Explorer::check_progress()
{
    for (uint32_t node = 0; node < nodes_.size(); ++node) {
        unsigned ticks = 0, steps = 0;
        for (uint32_t at = node; anything_outstanding(nodes_[at].state); at = nodes_[at].calm) {
            if (nodes_[at].calm == kNone || ++steps > kMostCalmSteps)
                return report(node, "it only goes on",
                              {"R12", "what is due is never claimed", describe(nodes_[at].state)});
            ticks += nodes_[at].calm_is_tick;
        }
        numbers_.ticks = std::max(numbers_.ticks, ticks);
    }
    return std::nullopt;
}

std::optional<std::string> Explorer::run()
{
    for (const auto some :
         {events_of_process(), events_of_clock(), events_of_sleepms(), events_of_detours(), events_of_others()})
        events_.insert(events_.end(), some.begin(), some.end());
    add(State{}, kNone, 0);
    for (uint32_t node = 0; node < nodes_.size(); ++node)
        if (auto violated = expand(node))
            return violated;
    numbers_.states = nodes_.size();
    return check_progress();
}

std::string Explorer::report_of_fault() const
{
    return report(trying_node_, events_[trying_event_].name, {"R14", "the kernel reads or writes what it should not"});
}

std::string Explorer::report(uint32_t node, const std::string &last, const Violation &violation) const
{
    std::vector<uint32_t> way;
    for (uint32_t at = node; at != kNone; at = nodes_[at].parent)
        way.push_back(at);
    std::string text = "A rule does not hold: " + violation.rule + ": " + violation.what + "\n";
    for (std::size_t step = 0; step < way.size(); ++step) {
        const Node &reached = nodes_[way[way.size() - 1 - step]];
        text += std::to_string(step) + ". " + (step == 0 ? "it begins" : events_[reached.event].name) + "\n       " +
                describe(reached.state) + "\n";
    }
    return text + std::to_string(way.size()) + ". " + last + ": here\n       " + violation.fields + "\n";
}

} // namespace detour::model
