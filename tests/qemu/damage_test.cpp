// damage_test.cpp - programs that overwrite the kernel's tables: that may end them, but never the kernel
#include "tests/qemu/harness.hpp"
#include "tests/qemu/patterns.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace detour::test
{
namespace
{

// Boots it, and returns the console's lines about the end of a process.
std::vector<std::string> ends_in(const std::string &program, const std::string &checks)
{
    const Outcome run = boot(program);
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: " + checks + " passed, 0 failed\n"), std::string::npos) << run.console;
    std::vector<std::string> ends;
    for (const Groups &end : matches(run.console, "process [0-9]+ \\(subject\\) ended.*"))
        ends.push_back(end[0]);
    return ends;
}

TEST(Damage, OfPrioritiesAndStatesEndsNobody)
{
    EXPECT_TRUE(ends_in("damage_states", "1524").empty());
}

TEST(Damage, OfAStackEndsItsProcessWithOneLine)
{
    const std::vector<std::string> ends = ends_in("damage_stack", "260");
    const std::string begin = "process [0-9]+ \\(subject\\) ended: its stack is damaged: ";
    const auto count = [&](const std::string &why) {
        return std::count_if(ends.begin(), ends.end(),
                             [&](const std::string &end) { return matches_whole(end, begin + why); });
    };
    EXPECT_EQ(count("its saved stack pointer 0x[0-9a-f]{8} is not in memory"), 7 + 8);
    EXPECT_EQ(count("prstkbase 0x[0-9a-f]{8} is not in memory"), 6);
    EXPECT_EQ(count("the word at prstkbase 0x[0-9a-f]{8} is 0x[0-9a-f]{8}, not STACKMAGIC"), 2 + 1);
    EXPECT_EQ(count("the word at prstkbase 0x[0-9a-f]{8} is 0x00001234, not STACKMAGIC"), 1);
    // A length that would end the stack early: the check before a callback trusts it.
    EXPECT_EQ(std::count_if(ends.begin(), ends.end(),
                            [](const std::string &end) { return end.find("too full") != end.npos; }),
              3);
    EXPECT_EQ(ends.size(), 24U + 3U);
}

TEST(Damage, OfAHeapsTableCostsTheProgramMemory)
{
    EXPECT_TRUE(ends_in("damage_heap", "28").empty());
}

} // namespace
} // namespace detour::test
