// stack_test.cpp - stackshow(): the words of stacks in every state, and what they must hold
#include "tests/qemu/harness.hpp"
#include "tests/qemu/patterns.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace detour::test
{
namespace
{

// The pictures of stack_show, by their names.
std::map<std::string, std::string> pictures()
{
    const Outcome run = boot("stack_show");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 7 passed, 0 failed\n"), std::string::npos) << run.console;
    std::map<std::string, std::string> found;
    std::istringstream lines(run.console);
    std::string name;
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.back() == ':' && line[0] != ' ')
            name = line.substr(0, line.size() - 1);
        else
            found[name] += line + '\n';
    }
    return found;
}

// Whether there is a line with this value and these words; both are regular expressions.
void expect_word(const std::string &picture, const std::string &value, const std::string &role)
{
    expect_match(picture, "(^|\n)  [0-9a-f]{8}  " + value + "  " + role + "\n");
}

constexpr auto kAny = "[0-9a-f]{8}";

TEST(Stack, OfProcessesThatAreSwitchedOut)
{
    auto shown = pictures();
    const std::string &fresh = shown["new"];
    expect_word(fresh, "00000202", "EFLAGS of spinner, saved by ctxsw: IF");
    expect_word(fresh, kAny, "return address of ctxsw: spinner\\+0x0 .*");
    expect_word(fresh, kAny, "return address of spinner: userret\\+0x0 .*, INITRET of create\\(\\)");
    expect_word(fresh, "00001111", "argument 1 of spinner, given to create\\(\\)");
    expect_word(fresh, "00002222", "argument 2 of spinner, given to create\\(\\)");
    expect_word(shown["sleeping"], kAny, "return address of sleepms: sleeper\\+0x.*");
    expect_word(shown["sleeping"], "000003e8", "argument 1 of sleepms");
    expect_word(shown["receiving"], kAny, "return address of receive: receiver\\+0x.*");
    for (const char *name : {"new", "sleeping", "receiving", "caller"})
        expect_word(shown[name], "0a0aaaa9", "STACKMAGIC, at prstkbase");
    expect_word(shown["caller"], kAny, "return address of show: main\\+0x.*");
}

// Each register's word holds what the interrupted code had in that register.
TEST(Stack, OfAnInterruptedProcessNamesEachRegister)
{
    const std::string picture = pictures()["interrupted"];
    const std::pair<const char *, const char *> registers[] = {{"EAX", "a0a0a0a0"}, {"EBX", "b0b0b0b0"},
                                                               {"ECX", "c0c0c0c0"}, {"EDX", "d0d0d0d0"},
                                                               {"ESI", "51515151"}, {"EDI", "d1d1d1d1"}};
    for (const auto &[name, value] : registers)
        expect_word(picture, value, std::string(name) + " of spin_with_registers, pushed by pushal");
    expect_word(picture, "e0e0e0e0", "EBP of spin_with_registers, pushed by pushal -> e0e0e0e0");
    expect_word(picture, kAny, "EIP, pushed by the CPU: spin_with_registers\\+0x.*");
    expect_word(picture, "00000008", "CS of spin_with_registers, pushed by the CPU: ring 0");
    expect_word(picture, "00000[26].[13579bdf]", "EFLAGS of spin_with_registers, pushed by the CPU: CF .*IF");
}

TEST(Stack, OfDetours)
{
    auto shown = pictures();
    expect_word(shown["planted"], kAny,
                "return address of sleepms: cbfreturn\\+0x0 .*, planted; proctab\\[7\\].prdetour.original keeps "
                "planted\\+0x.*");
    expect_word(shown["in a callback"], kAny, "return address of on_message: cbfmanager\\+0x.*");
    expect_word(shown["in a callback"], "00000001", "EAX of planted, kept for the end of the detour");
    expect_word(shown["in a callback"], kAny, "EIP, kept for the end of the detour: planted\\+0x.*");
    expect_word(shown["in a callback"], "00000000", "claimed vacation callback: none, or it has run");
    expect_word(shown["in an alarm"], kAny, "EIP, kept for the end of the detour: main\\+0x.*");
    expect_word(shown["in an alarm"], "00000000", "claimed message callback: none, or it has run");
}

} // namespace
} // namespace detour::test
