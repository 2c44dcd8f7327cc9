// program_test.cpp - what a program may do: define names that the kernel has too, and wait forever
#include "tests/qemu/harness.hpp"
#include "tests/qemu/patterns.hpp"

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
    const std::string line = "  0x[0-9a-f]{8}  [^ ]+ \\(.*:[0-9]+\\)\n";
    const std::string blocked = line + line + "  0x[0-9a-f]{8}  ";
    expect_match(run.console,
                 "now\n\nAll processes wait, and nothing will wake them:\n2 \\(Main process\\) is waiting on "
                 "semaphore 10:\n" +
                     blocked + "wait.*\n  0x[0-9a-f]{8}  main.*\n" + line + "3 \\(receiver\\) is receiving:\n" +
                     blocked + "receive\\+.*\n  0x[0-9a-f]{8}  receiver\\+.*\n" + line +
                     "4 \\(asleep\\) is suspended:\n" + line + "  0x[0-9a-f]{8}  receiver\\+0x0.*\n" + line +
                     "\nnon-maskable interrupt in process 0");
    const std::string said = "All processes wait";
    EXPECT_EQ(run.console.find(said), run.console.rfind(said)) << run.console;
}

} // namespace
} // namespace detour::test
