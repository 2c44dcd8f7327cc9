// xinu_test.cpp - calls and names of Xinu that are layers over the kernel's own
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

namespace detour::test
{
namespace
{

void expect_checks(const std::string &program, int passed, int memory = 128)
{
    const Outcome run = boot(program, {.memory = memory});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    const std::string wanted = "checks: " + std::to_string(passed) + " passed, 0 failed\n";
    EXPECT_NE(run.console.find(wanted), std::string::npos) << "wanted " << wanted << run.console;
}

TEST(Xinu, Ports)
{
    expect_checks("ports", 298);
}

TEST(Xinu, BufferPools)
{
    expect_checks("bufpool", 46, 16);
}

TEST(Xinu, DeferredSwitches)
{
    expect_checks("defer", 16);
}

TEST(Xinu, SmallNames)
{
    expect_checks("names_stock", 9);
}

TEST(Xinu, NetworkThatIsNotThere)
{
    expect_checks("names_network", 15);
    const std::string console = boot("names_network").console;
    const std::string once = "udp_register: this kernel has no network\n";
    EXPECT_NE(console.find(once), std::string::npos) << console;
    EXPECT_EQ(console.find(once, console.find(once) + 1), std::string::npos) << console;
}

TEST(Xinu, FormattedInputAndMallocs)
{
    const Outcome run = boot("names_input", {.input = "  42\nwords and more\n"});
    EXPECT_NE(run.console.find("checks: 19 passed, 0 failed\n"), std::string::npos) << run.console;
}

TEST(Xinu, DirectoryAsAView)
{
    expect_checks("names_lfdata", 11);
}

TEST(Xinu, QueuesViewsAndTheDate)
{
    expect_checks("queues", 154, 16);
}

TEST(Xinu, DeviceSwitchAndDescriptors)
{
    expect_checks("devices", 39);
}

TEST(Xinu, InterruptHandlersOfPrograms)
{
    expect_checks("interrupt_handler", 13);
}

void expect_table(const char *program, int rows)
{
    const Outcome run = boot(program, {.timeout = 240});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_NE(run.console.find("checks: " + std::to_string(rows) + " passed, 0 failed\n"), std::string::npos)
        << run.console.substr(run.console.size() - std::min<size_t>(run.console.size(), 4000));
}

TEST(Xinu, CallsWithArgumentsAtTheirEdges)
{
    expect_table("call_table", 114);
}

TEST(Courses, CallsWithArgumentsAtTheirEdges)
{
    expect_table("call_table_courses", 70);
}

TEST(Courses, HandlersForEvents)
{
    expect_checks("courses_callbacks", 61);
}

TEST(Courses, SendThatWaits)
{
    expect_checks("courses_send", 45);
}

TEST(Courses, Locks)
{
    expect_checks("courses_locks", 28);
}

TEST(Courses, LocksFindDeadlocksAndInheritPriorities)
{
    const Outcome run = boot("courses_chains");
    EXPECT_NE(run.console.find("checks: 17 passed, 0 failed\n"), std::string::npos) << run.console;
    const std::regex deadlock("expected: (lock_detected=P\\d+-P\\d+-P\\d+\n)\\1priority_change=");
    EXPECT_TRUE(std::regex_search(run.console, deadlock)) << run.console;
    const std::regex changes("(priority_change=P[0-9]+::)5-20\n(priority_change=P[0-9]+::)20-30\n"
                             "(priority_change=P[0-9]+::)30-20\n(priority_change=P[0-9]+::)20-5\n");
    EXPECT_TRUE(std::regex_search(run.console, changes)) << run.console;
}

TEST(Courses, PipesMemoryAndSmallNames)
{
    expect_checks("courses_pipes", 34);
}

TEST(Courses, FromCpp)
{
    expect_checks("courses_cpp", 7);
}

TEST(Courses, ChildrenThatEnd)
{
    expect_checks("courses_children", 25);
}

} // namespace
} // namespace detour::test
