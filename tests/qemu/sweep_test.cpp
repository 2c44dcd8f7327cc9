// sweep_test.cpp - detours under a clock interrupt at every instruction boundary
#include "tests/qemu/harness.hpp"
#include "tests/qemu/patterns.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <set>
#include <sstream>

namespace detour::test
{
namespace
{

using Addresses = std::set<std::uint32_t>;

// The addresses on the lines of the console that begin like this.
Addresses addresses_after(const std::string &console, const std::string &beginning)
{
    Addresses found;
    std::istringstream lines(console);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind(beginning, 0) != 0)
            continue;
        for (const Groups &address : matches(line, "\\b[0-9a-f]{8}\\b"))
            found.insert(static_cast<std::uint32_t>(std::stoul(address[0], nullptr, 16)));
    }
    return found;
}

// Every instruction that the emulator executed with interrupts on, from its log (-d exec,cpu).
Addresses executed_with_interrupts_on(const std::string &log)
{
    constexpr unsigned long kInterruptFlag = 0x200;
    Addresses executed;
    std::ifstream lines(log);
    unsigned long eip = 0;
    unsigned long flags = 0;
    for (std::string line; std::getline(lines, line);)
        if (std::sscanf(line.c_str(), "EIP=%lx EFL=%lx", &eip, &flags) == 2 && (flags & kInterruptFlag) != 0)
            executed.insert(static_cast<std::uint32_t>(eip));
    return executed;
}

unsigned long number_after(const std::string &console, const std::string &word)
{
    const auto at = console.find(word);
    return at == std::string::npos ? 0 : std::stoul(console.substr(at + word.size()));
}

// What the emulator has seen executed with interrupts on, in the entry code and in sleepms(), is where the sweep has
// interrupted, but for the instructions in the shadow of a sti.
TEST(Sweep, EveryBoundaryOfEveryScenario)
{
    const Outcome swept = boot("sweep_detours", {.memory = 32, .timeout = 150, .sweep = true});
    ASSERT_EQ(swept.exit_code, kPoweredOff) << swept.reason << swept.console;
    EXPECT_NE(swept.console.find(" passed, 0 failed"), std::string::npos) << swept.console;
    const unsigned long boundaries = number_after(swept.console, "\nboundaries: ");
    EXPECT_GT(boundaries, 50000U);
    RecordProperty("boundaries", static_cast<int>(boundaries));
    const Addresses interrupted = addresses_after(swept.console, "interrupted in ");
    const Addresses shadowed = addresses_after(swept.console, "after a sti in ");
    ASSERT_FALSE(interrupted.empty()) << swept.console;
    const std::uint32_t lowest = *interrupted.begin();
    const std::uint32_t highest = *interrupted.rbegin();

    const std::string log = testing::TempDir() + "sweep" + std::to_string(getpid()) + ".log";
    const Outcome once =
        boot("sweep_once", {.memory = 32,
                            .timeout = 150,
                            .sweep = true,
                            .single = true,
                            .emulator = {"-d", "exec,cpu,nochain", "-dfilter", "0x100000+0x2000", "-D", log}});
    ASSERT_EQ(once.exit_code, kPoweredOff) << once.reason;
    const Addresses executed = executed_with_interrupts_on(log);
    unlink(log.c_str());
    ASSERT_GT(executed.size(), 20U);
    for (const std::uint32_t address : executed) {
        const bool reached = interrupted.count(address) + shadowed.count(address) > 0;
        EXPECT_TRUE(reached || address < lowest || address > highest)
            << std::hex << address << " was executed with interrupts on, and never interrupted";
    }
}

} // namespace
} // namespace detour::test
