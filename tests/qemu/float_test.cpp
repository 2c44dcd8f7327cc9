// float_test.cpp - floating point: each process, and each callback, has the unit to itself, in both rings
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

namespace detour::test
{
namespace
{

void expect_checks(const Outcome &run, int passed)
{
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_NE(run.console.find("checks: " + std::to_string(passed) + " passed, 0 failed\n"), std::string::npos)
        << run.console;
}

bool says(const Outcome &run, const std::string &text)
{
    return run.console.find(text) != std::string::npos;
}

TEST(Float, ProcessesDoNotNoticeEachOther)
{
    expect_checks(boot("float_switch"), 205);
}

TEST(Float, CallbacksDoNotDisturbWhatTheyInterrupt)
{
    for (const int seed : {0, 1, 2})
        expect_checks(boot("float_callback", {.seed = seed}), 37);
}

TEST(Float, IsPrinted)
{
    const Outcome run = boot("float_print");
    EXPECT_TRUE(says(run, "pi is about 3.140000, name x\n 2.50|2.500000e+00|2.5 7\n"
                          "0.10000000000000000555 0x1p+0 -inf 2.500000|  -2.500|\n"))
        << run.console;
    expect_checks(run, 3);
}

TEST(Float, AnErrorEndsTheProcessThatAskedForIt)
{
    const Outcome run = boot("float_error");
    expect_checks(run, 2);
    EXPECT_TRUE(says(run, "(divides) ended by x87 floating-point error: division by zero\n")) << run.console;
    EXPECT_FALSE(says(run, "goes on")) << run.console;
}

TEST(Float, AMachineWithoutUnitEndsTheProcess)
{
    const Outcome run = boot("float_error", {.emulator = {"-cpu", "qemu32,-fpu"}});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    for (const char *name : {"divides", "Main process"})
        EXPECT_TRUE(says(run, std::string("(") + name +
                                  ") ended by device not available: this machine has no floating-point unit\n"))
            << run.console;
}

// Ring-3 processes beside each other and a ring-0 process.
TEST(Float, Ring3)
{
    const Outcome run = boot("user_float");
    expect_checks(run, 6);
    for (const char *line : {"numbers 100: 0 wrong, 5 callbacks, an eighth is 12.50\n",
                             "numbers 200: 0 wrong, 5 callbacks, an eighth is 25.00\n"})
        EXPECT_TRUE(says(run, line)) << run.console;
}

} // namespace
} // namespace detour::test
