// explore.hpp - all states that a process can reach, breadth first
#pragma once

#include "tests/model/events.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace detour::model
{

struct Numbers {
    std::size_t states = 0;
    std::size_t transitions = 0;
    std::size_t events = 0;  // on the longest of the shortest ways to a state
    std::size_t deepest = 0; // levels on the stack
    unsigned ticks = 0;      // until what is due has been claimed, if the process only goes on: at most
};

// Explores until there is no new state. A rule that does not hold ends it: the report is the shortest sequence of
// events that leads there.
class Explorer
{
public:
    Explorer(Machine &machine, const Scenario &scenario) : machine_(machine), scenario_(scenario) {}

    std::optional<std::string> run(); // the report of a violation

    // The same for the event in which a sanitizer ends the program.
    std::string report_of_fault() const;
    const Numbers &numbers() const { return numbers_; }

private:
    struct Node {
        State state;
        uint32_t parent;
        uint32_t calm; // the state after the next step of a process that has nothing more to do
        uint8_t event; // which led here from the parent
        bool calm_is_tick;
        uint16_t distance;
    };

    uint32_t add(const State &state, uint32_t parent, uint8_t event);
    std::optional<std::string> expand(uint32_t node);
    std::optional<Violation> try_event(uint32_t node, std::size_t event, std::optional<State> &next);
    std::string fields_after(State state) const;
    std::optional<std::string> check_progress();
    std::string report(uint32_t node, const std::string &last, const Violation &violation) const;
    void grow();

    uint32_t trying_node_ = 0;
    std::size_t trying_event_ = 0;
    Machine &machine_;
    const Scenario &scenario_;
    std::vector<Event> events_;
    std::vector<Node> nodes_;
    std::vector<uint32_t> table_; // open addressing: node + 1; 0: free
    Numbers numbers_;
};

} // namespace detour::model
