// program_test.cpp - what a program may do: define names that the kernel has too, and wait for ever
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

namespace detour::test
{
namespace
{

TEST(Program, DefinesLibraryNamesForItselfOnly)
{
    const Outcome run = boot("names_own");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_NE(run.console.find("written by the kernel's own strlen\nmy puts: hello\n"
                               "checks: 12 passed, 0 failed\n"),
              std::string::npos)
        << run.console;
}

TEST(Program, ThatWaitsForEverIsToldSoOnce)
{
    const Outcome run = boot("stuck", {.timeout = 3});
    EXPECT_EQ(run.exit_code, kTimeout) << run.reason; // not powered off: a debugger may be attached
    const std::string wanted = "now\n\nAll processes wait, and nothing will wake them: 1 (Main process) is "
                               "waiting on semaphore 0; 2 (receiver) is receiving; 3 (asleep) is suspended\n";
    const auto at = run.console.find(wanted);
    ASSERT_NE(at, std::string::npos) << run.console;
    EXPECT_EQ(run.console.size(), at + wanted.size()) << run.console;
}

} // namespace
} // namespace detour::test
