// user_limits_test.cpp - no ring-3 process takes what others need: memory, table entries, or the clock's ticks
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

namespace detour::test
{
namespace
{

TEST(UserLimits, AFamilyHasItsShareAndNoMore)
{
    Options machine;
    machine.memory = 16; // taking all of it is quick
    machine.timeout = 200;
    const Outcome run = boot("user_limits", machine);
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 61 passed, 0 failed\n"), std::string::npos) << run.console;
}

TEST(UserLimits, LargeProcessesHoldNoTickOff)
{
    Options machine;
    machine.timeout = 200;
    const Outcome run = boot("user_ends", machine);
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 35 passed, 0 failed\n"), std::string::npos) << run.console;
}

} // namespace
} // namespace detour::test
