// main.cpp - proves that the decisions of kernel/detour keep the rules in all states that a process can reach
//
// Usage: contract_states [SCENARIO...]    all of them by default; "quick": all but the large one
// Exits with 1 if a rule does not hold.
#include "tests/model/explore.hpp"

#include <sanitizer/common_interface_defs.h>

#include <cstdio>
#include <cstring>
#include <ctime>

namespace detour::model
{

namespace
{

constexpr Scenario kScenarios[] = {
    {.name = "events", .alarms = true, .messages = true, .vacations = 0, .other_code = false, .blocking = true},
    {.name = "vacations", .alarms = true, .messages = true, .vacations = 1, .other_code = false, .blocking = false},
    {.name = "nested", .alarms = false, .messages = true, .vacations = 2, .other_code = false, .blocking = false},
    {.name = "displaced", .alarms = false, .messages = true, .vacations = 1, .other_code = true, .blocking = false},
    {.name = "everything", .alarms = true, .messages = true, .vacations = 1, .other_code = true, .blocking = true},
};

const Explorer *active = nullptr;

bool is_quick(const Scenario &scenario)
{
    return !(scenario.alarms && scenario.messages && scenario.vacations != 0 && scenario.other_code);
}

bool is_wanted(const Scenario &scenario, int argc, char **argv)
{
    for (int i = 1; i < argc; ++i)
        if (std::strcmp(argv[i], scenario.name) == 0 || (std::strcmp(argv[i], "quick") == 0 && is_quick(scenario)))
            return true;
    return argc == 1;
}

bool explore(Machine &machine, const Scenario &scenario)
{
    const std::clock_t begun = std::clock();
    Explorer explorer(machine, scenario);
    active = &explorer;
    __sanitizer_set_death_callback([] { std::fputs(active->report_of_fault().c_str(), stderr); });
    const auto violated = explorer.run();
    if (violated) {
        std::printf("%s: %s", scenario.name, violated->c_str());
        return false;
    }
    const double took = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    const Numbers &n = explorer.numbers();
    std::printf("%-17s %8zu states %9zu transitions, at most %zu events away, stack of %zu levels, "
                "%u ticks to what is due; %.1f s of CPU\n",
                scenario.name, n.states, n.transitions, n.events, n.deepest, n.ticks, took);
    return true;
}

} // namespace

} // namespace detour::model

int main(int argc, char **argv)
{
    using namespace detour::model;
    testing::InitGoogleTest();
    detour::model::Machine machine;
    for (const Scenario &scenario : kScenarios)
        if (is_wanted(scenario, argc, argv) && !explore(machine, scenario))
            return 1;
    if (testing::UnitTest::GetInstance()->ad_hoc_test_result().Failed())
        return 1;
}
