// soak_test.cpp - many detours of many processes, with different clock interrupts for every seed (`make soak` is the
// long form), and many processes for a long time
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

namespace detour::test
{
namespace
{

class Soak : public testing::TestWithParam<int>
{
};

TEST_P(Soak, LosesNothing)
{
    const Outcome run = boot("large/soak", {.timeout = 100, .seed = GetParam(), .input = "20000\n"});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("detours: 2"), std::string::npos) << run.console;
    EXPECT_NE(run.console.find(" passed, 0 failed"), std::string::npos) << run.console;
}

TEST(Load, TenThousandProcessesForTenMinutes)
{
    const Outcome run = boot("large/process_load", {.timeout = 280});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 10109 passed, 0 failed\n"), std::string::npos) << run.console;
}

INSTANTIATE_TEST_SUITE_P(Seeds, Soak, testing::Values(1, 2, 3));

} // namespace
} // namespace detour::test
