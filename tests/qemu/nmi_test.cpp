// nmi_test.cpp - the paths between ring 3 and the kernel, which run with interrupts masked, under what cannot be
// masked: an NMI before each instruction, and TF
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <array>
#include <cstdio>

namespace detour::test
{
namespace
{

struct Finished {
    int exit_code;
    std::string output;
};

Finished press_nmi(const std::string &program, const std::string &cpu)
{
    const std::string command = std::string(DETOUR_PYTHON) + " '" + DETOUR_SOURCE "/tests/qemu/nmi.py' '" +
                                DETOUR_PROGRAMS "/" + program + ".elf' " + cpu + " 2>&1";
    FILE *const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr)
        return {-1, "cannot start " + command};
    std::string output;
    std::array<char, 4096> part{};
    for (std::size_t n = fread(part.data(), 1, part.size(), pipe); n != 0; n = fread(part.data(), 1, part.size(), pipe))
        output.append(part.data(), n);
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

std::string name_of(const testing::TestParamInfo<std::string> &cpu)
{
    constexpr const char *kNames[] = {"Interrupt", "Sysenter", "Smap"};
    return kNames[cpu.index];
}

class Nmi : public testing::TestWithParam<std::string>
{
};
INSTANTIATE_TEST_SUITE_P(Cpu, Nmi, testing::Values("qemu32,-sep", "qemu32", "qemu32,+smep,+smap,+umip"), name_of);

// The kernel reports where each came, and it disturbs nothing: the registers and flags of ring 3, the results of its
// calls and its callbacks are right. And no more than the first instructions run with the flags of ring 3.
TEST_P(Nmi, BeforeEachInstructionOfEntryAndExit)
{
    const Finished run = press_nmi("user_nmi", GetParam());
    EXPECT_EQ(run.exit_code, 0) << run.output;
    EXPECT_NE(run.output.find("nmi: wrong 0\nnmi: wrong 0\nchecks: 3 passed, 0 failed\n"), std::string::npos)
        << run.output;
    EXPECT_NE(run.output.find("\nnot reported:\nwith flags of ring 3:\n"), std::string::npos) << run.output;
    const std::size_t instructions = run.output.rfind("instructions: ");
    ASSERT_NE(instructions, std::string::npos);
    EXPECT_GT(std::stoi(run.output.substr(instructions + 14)), 30);
    EXPECT_EQ(run.output.find("with them before: 0\n"), std::string::npos) << run.output;
}

// As documented: the call's result is right, and the flags are lost, TF too.
TEST(SysenterFlags, DoNotHurtTheKernel)
{
    const Outcome run = boot("user_flags");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    std::string expected;
    for (const char *flag : {"df", "nt", "ac", "tf"})
        expected +=
            std::string("flags_sysenter: ") + flag + ": result right, has 0 of them; no call -1, has 0 of them\n";
    EXPECT_NE(run.console.find(expected + "end of case\nchecks: 5 passed, 0 failed\n"), std::string::npos)
        << run.console;
}

} // namespace
} // namespace detour::test
