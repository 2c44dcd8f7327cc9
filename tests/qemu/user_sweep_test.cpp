// user_sweep_test.cpp - detours in ring 3 under a clock interrupt at every instruction boundary
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>

namespace detour::test
{
namespace
{

using Addresses = std::set<std::uint32_t>;

Addresses interrupted(const std::string &console)
{
    const std::string beginning = "\ninterrupted at";
    const std::size_t at = console.find(beginning);
    if (at == std::string::npos)
        return {};
    std::istringstream words(console.substr(at + beginning.size(), console.find('\n', at + 1) - at - beginning.size()));
    Addresses found;
    for (std::uint32_t address = 0; words >> std::hex >> address;)
        found.insert(address);
    return found;
}

// Every instruction of ring 3 that the emulator executed, from its log (-d exec,cpu).
Addresses executed_in_ring3(const std::string &log)
{
    Addresses executed;
    std::ifstream lines(log);
    unsigned long eip = 0;
    unsigned privilege = 0;
    for (std::string line; std::getline(lines, line);)
        if (std::sscanf(line.c_str(), "EIP=%lx EFL=%*x [%*7c] CPL=%u", &eip, &privilege) == 2 && privilege == 3)
            executed.insert(static_cast<std::uint32_t>(eip));
    return executed;
}

Addresses of_return_page(const Addresses &addresses)
{
    return {addresses.lower_bound(0xBFFFF000), addresses.end()};
}

std::string name_of(const testing::TestParamInfo<std::string> &cpu)
{
    return cpu.index == 0 ? "Interrupt" : "Sysenter";
}

class UserSweep : public testing::TestWithParam<std::string>
{
};
INSTANTIATE_TEST_SUITE_P(Cpu, UserSweep, testing::Values("qemu32,-sep", "qemu32"), name_of);

// The sweep interrupted every instruction that the emulator executed in ring 3 in the undisturbed runs, stubs and
// return page included.
TEST_P(UserSweep, EveryBoundaryOfEveryScenario)
{
    Options machine{.memory = 32, .timeout = 150, .sweep = true, .emulator = {"-cpu", GetParam()}};
    const Outcome swept = boot("user_sweep", machine);
    ASSERT_EQ(swept.exit_code, kPoweredOff) << swept.reason << swept.console;
    EXPECT_NE(swept.console.find(" passed, 0 failed"), std::string::npos) << swept.console;
    const std::size_t boundaries = swept.console.find("\nboundaries: ");
    ASSERT_NE(boundaries, std::string::npos) << swept.console;
    const int tried = std::stoi(swept.console.substr(boundaries + 13));
    EXPECT_GT(tried, 3500);
    RecordProperty("boundaries", tried);
    const Addresses reached = interrupted(swept.console);
    EXPECT_EQ(of_return_page(reached).size(), 3U); // all of it: call, movl, int

    const std::string log = testing::TempDir() + "user_sweep" + std::to_string(getpid()) + ".log";
    machine.single = true;
    machine.emulator.insert(machine.emulator.end(),
                            {"-d", "exec,cpu,nochain", "-dfilter", "0x40000000+0x10000,0xbffff000+0x1000", "-D", log});
    const Outcome once = boot("user_sweep_once", machine);
    ASSERT_EQ(once.exit_code, kPoweredOff) << once.reason << once.console;
    const Addresses executed = executed_in_ring3(log);
    unlink(log.c_str());
    EXPECT_GT(executed.size(), 200U);
    EXPECT_EQ(of_return_page(executed).size(), 3U);
    for (const std::uint32_t address : executed)
        EXPECT_EQ(reached.count(address), 1U) << std::hex << address << " was executed, and never interrupted";
}

} // namespace
} // namespace detour::test
