// held_test.cpp - long work inside the kernel lets interrupts in, and nothing else
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

namespace detour::test
{
namespace
{

// The heartbeat prints at every tick at which it may run: before the report, perhaps, and after it.
void expect_whole(const std::string &console, const std::string &begin)
{
    const std::size_t from = console.find(begin);
    ASSERT_NE(from, std::string::npos) << console;
    const std::size_t last = console.find("STACKMAGIC", from);
    const std::size_t end = console.find("end of the report", from);
    ASSERT_LT(last, end) << console;
    EXPECT_GT(console.find("beat", from), last) << "others ran during the report:\n" << console;
    EXPECT_LT(console.find("beat", from), end) << "they had to wait for another tick:\n" << console;
    EXPECT_GT(console.find("alarm\n", from), last) << "a callback ran during the report:\n" << console;
}

TEST(Held, LosesNoTickAndLetsNoOtherProcessRun)
{
    const Outcome run = boot("held");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 23 passed, 0 failed\n"), std::string::npos) << run.console;
    expect_whole(run.console, "(faulty) ended by page fault");
    expect_whole(run.console, "stack of process 2");
}

} // namespace
} // namespace detour::test
