// detour_rules_test.cpp - the rules of docs/callbacks.md, each checked inside the guest by a program that names it
//
// A program prints a line for every rule when it is done with it. The number of checks is part of what a test expects,
// so that a check that was never reached is noticed.
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

namespace detour::test
{
namespace
{

constexpr double kTimeout = 30; // seconds; a detour that goes astray may well never come back

void expect_checks(const Outcome &run, const std::string &rule, int checks)
{
    const std::string line = rule + " checks: " + std::to_string(checks) + " passed, 0 failed";
    EXPECT_NE(run.console.find(line), std::string::npos) << "expected: " << line << "\n" << run.console;
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
}

void expect_rule(const std::string &program, const std::string &rule, int checks)
{
    expect_checks(boot(program, {.timeout = kTimeout}), rule, checks);
}

int count(const std::string &text, const std::string &part)
{
    int found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

TEST(DetourRules, R01_RefusesAndChangesNothing)
{
    expect_rule("detour_registration", "R01", 66);
}
TEST(DetourRules, R02_SetsTheFieldsInOneStep)
{
    expect_rule("detour_fields", "R02", 20);
}
TEST(DetourRules, R03_IsOneShot)
{
    expect_rule("detour_once", "R03", 23);
}
TEST(DetourRules, R04_DiesWithTheProcess)
{
    expect_rule("detour_lifetime", "R04", 42);
}
TEST(DetourRules, R05_ValZeroIsDueAtOnce)
{
    expect_rule("detour_once", "R05", 5);
}

TEST(DetourRules, R06_DecidesAfterTheReschedule)
{
    expect_rule("detour_due", "R06", 54);
}
TEST(DetourRules, R07_WakesNobody)
{
    expect_rule("detour_late", "R07", 58);
}

TEST(DetourRules, R08_StackIsAsDrawn)
{
    expect_rule("detour_frame", "R08", 27);
}
TEST(DetourRules, R09_EverythingIsAsItWas)
{
    expect_rule("detour_exact", "R09", 16);
}
TEST(DetourRules, R10_TakesTheRegistrationBackFirst)
{
    expect_rule("detour_frame", "R10", 8);
}

TEST(DetourRules, R11_NeverInterruptsItself)
{
    expect_rule("detour_nesting", "R11", 31);
}

TEST(DetourRules, R12_WhatIsAMessageEvent)
{
    expect_rule("detour_event", "R12", 46);
}

TEST(DetourRules, R13_SendRewritesTheSlotAndNothingElse)
{
    expect_rule("detour_slot", "R13", 92);
}
TEST(DetourRules, R14_VerifiesTheSlot)
{
    expect_rule("detour_verify", "R14", 283);
}
TEST(DetourRules, R15_SleepsItsFullTime)
{
    expect_rule("detour_wake", "R15", 19);
}

TEST(DetourRules, R16_ElsewhereItComesWithTheClock)
{
    expect_rule("detour_elsewhere", "R16", 48);
}

TEST(DetourRules, R17_ResultAndRegistersAreIntact)
{
    expect_rule("detour_intact", "R17", 34);
}

TEST(DetourRules, R18_MessageStaysAndSlotIsRewrittenOnce)
{
    expect_rule("detour_message", "R18", 58);
}

TEST(DetourRules, R19_ClaimsAllAtOnceAndRunsInOrder)
{
    expect_rule("detour_claim", "R19", 37);
}
TEST(DetourRules, R20_Vacations)
{
    expect_rule("detour_vacation", "R20", 55);
}

TEST(DetourRules, R21_FullStackEndsTheProcessOnly)
{
    const Outcome run = boot("detour_full_stack", {.timeout = kTimeout});
    expect_checks(run, "R21", 37);
    EXPECT_EQ(count(run.console, "its stack is too full for an event callback"), 29) << run.console;
    EXPECT_NE(run.console.find("killed: 29\n"), std::string::npos);
}

TEST(DetourRules, R22_CallbackMayDoEverything)
{
    const Outcome doing = boot("detour_callback", {.timeout = kTimeout});
    expect_checks(doing, "R22", 78);
    EXPECT_EQ(count(doing.console, "a callback prints\n"), 1);
    expect_rule("detour_callbacks", "R22", 10);
    const Outcome ending = boot("detour_ending", {.timeout = kTimeout});
    expect_checks(ending, "R22", 35);
    EXPECT_EQ(count(ending.console, "read of 0x00000000 (null pointer)"), 2);
    EXPECT_EQ(count(ending.console, "divide error"), 2);
    EXPECT_EQ(count(ending.console, "execution of 0xe0000000"), 2);
    EXPECT_EQ(count(ending.console, "stack overflow"), 2);
}

TEST(DetourRules, R23_AtEveryLevelOfOptimisation)
{
    expect_rule("detour_optimised", "R23", 13);
}

} // namespace
} // namespace detour::test
