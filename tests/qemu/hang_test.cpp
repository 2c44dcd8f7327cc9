// hang_test.cpp - a run that reaches its limit says where each process is, even when the kernel hangs
#include "tests/qemu/harness.hpp"
#include "tests/qemu/patterns.hpp"

#include <gtest/gtest.h>

namespace detour::test
{
namespace
{

constexpr const char *kEnd = "end of the report of the non-maskable interrupt; the clock stands at msec ";

std::string called(const std::string &function)
{
    return "  0x[0-9a-f]{8}  " + function + "\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n";
}

// A process that is switched out, in the system call of the function that bears its name.
void expect_place(const std::string &console, const std::string &state, const std::string &call,
                  const std::string &function)
{
    expect_match(console, "\n[0-9]+ " + state + ":\n" + called("ctxsw") + called("resched") + called(call) +
                              called(function) + called("userret"));
}

void expect_report(const Outcome &run)
{
    const std::string &console = run.console;
    expect_match(console, "\nnon-maskable interrupt in process 2 \\(Main process\\)\n.*\n.*\n.*\nbacktrace:\n" +
                              called("hang_masked") + called("main") + called("userret"));
    expect_place(console, "\\(waits\\) is waiting on semaphore 10", "wait", "waits");
    expect_place(console, "\\(reads\\) is waiting for the console's input", "kgetc", "reads");
    expect_place(console, "\\(sleeps\\) is sleeping, until msec 50[0-9]{2}", "sleepms", "sleeps");
    expect_place(console, "\\(receives\\) is receiving", "receive", "receives");
    expect_match(console, "\\(recurses\\) is suspended:\n" + called("ctxsw") + called("resched") + called("suspend") +
                              called("recurses") + called("recurses") + "  \\(the same 99 times more\\)\n");
    expect_match(console, "\\(never runs\\) is ready:\n" + called("ctxsw") + called("never_runs"));
    EXPECT_NE(console.find(kEnd), std::string::npos) << console;
}

TEST(Hang, TimeLimitAsksWhereItIs)
{
    const Outcome run = boot("hang", {.timeout = 5, .input = "m"});
    EXPECT_EQ(run.exit_code, kTimeout) << run.reason << run.console;
    expect_report(run);
    EXPECT_NE(run.reason.find("time-out: the run was ended after 5 seconds; where each process was is above"),
              std::string::npos)
        << run.reason;
}

TEST(Hang, DeadKernelDoesNotAnswer)
{
    const Outcome run = boot("hang", {.timeout = 5, .input = "d"});
    EXPECT_EQ(run.exit_code, kTimeout) << run.reason << run.console;
    EXPECT_NE(run.console.find("hanging\n"), std::string::npos) << run.console;
    EXPECT_NE(run.reason.find("; the kernel does not answer"), std::string::npos) << run.reason;
}

TEST(Hang, LimitOfTheMachinesOwnTime)
{
    const Outcome run = boot("hang", {.limit = 300, .input = "m"});
    EXPECT_EQ(run.exit_code, kLimit) << run.reason << run.console;
    expect_report(run);
    EXPECT_NE(run.reason.find("limit: the run has reached 300 msec"), std::string::npos) << run.reason;
}

// The first NMI finds no room for its frame, and ends that process; the next ends the machine.
TEST(Hang, LimitOnAFullStack)
{
    const Outcome run = boot("hang", {.limit = 300, .input = "f"});
    EXPECT_EQ(run.exit_code, kLimit) << run.reason << run.console;
    expect_match(run.console, "\nprocess 2 \\(Main process\\) ended by double fault: .*stack overflow");
    expect_place(run.console, "\\(waits\\) is waiting on semaphore 10", "wait", "waits");
    EXPECT_NE(run.console.find(kEnd), std::string::npos) << run.console;
}

TEST(Hang, LimitInRing3)
{
    const Outcome run = boot("user_hang", {.limit = 300});
    EXPECT_EQ(run.exit_code, kLimit) << run.reason << run.console;
    expect_match(run.console, "\nnon-maskable interrupt in process [0-9]+ \\(spin\\)\n.*\n.*\n"
                              "  eip 4.*\nbacktrace:\n" +
                                  called("main"));
    expect_match(run.console, "\n[0-9]+ \\(spin\\) is ready:\n(  0x00.*\n)+" + called("main"));
    EXPECT_NE(run.console.find(kEnd), std::string::npos) << run.console;
}

// At exactly this time, and every time at the same instruction.
TEST(Hang, LimitIsExact)
{
    const Outcome first = boot("spin", {.limit = 1234});
    const Outcome second = boot("spin", {.limit = 1234});
    EXPECT_EQ(first.exit_code, kLimit) << first.reason << first.console;
    // The clock starts after the limit does, once the page tables are built.
    expect_match(first.console, std::string(kEnd) + "1(19[0-9]|2[0-2][0-9]|23[0-4])\n");
    EXPECT_EQ(first.console, second.console);
}

TEST(Hang, LimitThatIsNotReachedChangesNothing)
{
    const Outcome without = boot("hello");
    const Outcome with = boot("hello", {.limit = 100'000});
    EXPECT_EQ(with.exit_code, kPoweredOff) << with.reason << with.console;
    EXPECT_EQ(with.console, without.console);
}

TEST(Hang, LimitNeedsTheTimerForIt)
{
    const Outcome run = boot("hello", {.limit = 300, .emulator = {"-M", "isapc"}});
    EXPECT_EQ(run.exit_code, kRefused) << run.reason << run.console;
    EXPECT_NE(run.console.find("Detour: limit= needs an HPET"), std::string::npos) << run.console;
}

} // namespace
} // namespace detour::test
