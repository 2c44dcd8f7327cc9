// machine_test.cpp - the machine and the processes on it, checked from inside by programs that count their checks
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace detour::test
{
namespace
{

// A program, the number of checks that it makes, and the memory of its machine in MiB.
struct Program {
    const char *name = "";
    int checks = 0;
    int memory = 128;
};

std::string name_of(const testing::TestParamInfo<Program> &info)
{
    const std::string name = std::filesystem::path(info.param.name).filename();
    return info.param.memory == Program{}.memory ? name : name + "_" + std::to_string(info.param.memory);
}

class SelfChecking : public testing::TestWithParam<Program>
{
};

TEST_P(SelfChecking, AllChecksHold)
{
    const Program &program = GetParam();
    const Outcome run = boot(program.name, {.memory = program.memory});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    const std::string wanted = "checks: " + std::to_string(program.checks) + " passed, 0 failed\n";
    EXPECT_NE(run.console.find(wanted), std::string::npos) << "wanted " << wanted << run.console;
    EXPECT_NE(run.console.find("\nAll user processes have completed.\n"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Machine, SelfChecking,
                         testing::Values(Program{"machine_setup", 15}, Program{"frames_saved", 85}), name_of);
INSTANTIATE_TEST_SUITE_P(Processes, SelfChecking,
                         testing::Values(Program{"process_create", 86}, Program{"process_cpp", 2},
                                         Program{"process_states", 109}, Program{"process_order", 45},
                                         Program{"large/process_many", 3}, Program{"semaphore", 41},
                                         Program{"message", 17}),
                         name_of);
// Not on Bochs.
INSTANTIATE_TEST_SUITE_P(Clock, SelfChecking, testing::Values(Program{"clock_rate", 1}), name_of);
INSTANTIATE_TEST_SUITE_P(Debug, SelfChecking, testing::Values(Program{"debug_arguments", 10}), name_of);
INSTANTIATE_TEST_SUITE_P(Memory, SelfChecking,
                         testing::Values(Program{"memory_heap", 46}, Program{"memory_heap", 46, 32}), name_of);

TEST(Machine, RefusesAnUnknownLoader)
{
    const Outcome run = boot("machine_refusal");
    EXPECT_EQ(run.exit_code, kRefused) << run.reason << run.console;
    EXPECT_NE(run.console.find("once more\nDetour: not started by a multiboot"), std::string::npos) << run.console;
}

// The table of a program, and that of the kernel.
TEST(Machine, RefusesAnImageThatDoesNotFit)
{
    for (const auto &[program, memory] :
         {std::pair{"memory_too_large", 128}, std::pair{"large/process_many", 4}, std::pair{"large/process_many", 5}}) {
        const Outcome run = boot(program, {.memory = memory});
        EXPECT_EQ(run.exit_code, kRefused) << memory << run.reason << run.console;
        EXPECT_EQ(run.console.find("Detour: not enough memory"), 0U) << run.console;
    }
}

// All memory in the loader's map, up to 1 GiB, except what the kernel itself needs.
TEST(Machine, UsesTheMemoryThereIs)
{
    for (const int memory : {16, 1024, 2048}) {
        const Outcome run = boot("memory_size", {.memory = memory});
        EXPECT_EQ(run.exit_code, kPoweredOff) << memory << run.reason << run.console;
        const int usable = std::min(memory, 1024);
        const std::size_t at = run.console.find("MiB: ");
        ASSERT_NE(at, std::string::npos) << run.console;
        const int largest = std::atoi(run.console.c_str() + at + 5);
        EXPECT_GE(largest, usable * 3 / 4) << memory;
        EXPECT_LT(largest, usable) << memory;
        EXPECT_NE(run.console.find("good: 1\n"), std::string::npos) << run.console;
    }
}

} // namespace
} // namespace detour::test
