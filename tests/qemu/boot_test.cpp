// boot_test.cpp - how a run begins and ends: both ways to boot, and the exit codes of tools/run/run.py
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

namespace detour::test
{
namespace
{

TEST(Boot, StartsTheProgramAndPowersOff)
{
    const Outcome run = boot("hello");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("hello"), std::string::npos) << run.console;
}

TEST(Boot, StartsFromGrub)
{
    const Outcome run = boot("hello", {.iso = true});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("hello"), std::string::npos) << run.console;
}

TEST(Boot, IsTheSameRunEveryTime)
{
    const Outcome first = boot("hello");
    const Outcome second = boot("hello");
    EXPECT_EQ(first.exit_code, kPoweredOff) << first.reason;
    EXPECT_EQ(first.console, second.console);
}

TEST(Boot, EndlessProgramTimesOut)
{
    const Outcome run = boot("spin", {.timeout = 3});
    EXPECT_EQ(run.exit_code, kTimeout) << run.reason << run.console;
    EXPECT_NE(run.console.find("spinning"), std::string::npos) << run.console;
}

TEST(Boot, TripleFaultIsNoSuccess)
{
    const Outcome run = boot("triple_fault");
    EXPECT_EQ(run.exit_code, kReset) << run.reason << run.console;
    EXPECT_NE(run.console.find("falling"), std::string::npos) << run.console;
}

} // namespace
} // namespace detour::test
