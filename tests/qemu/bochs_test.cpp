// bochs_test.cpp - what Bochs alone needs: that it is there, and the programs of apps/ that are to run on both machines
//
// CMakeLists.txt says which tests of the other files run there, too.
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace detour::test
{
namespace
{

class BochsIsInstalled : public testing::Environment
{
public:
    void SetUp() override
    {
        if (on_bochs() && std::system("command -v bochs >/dev/null") != 0) {
            GTEST_SKIP() << "bochs is not installed; 'make bochs' installs it";
        }
    }
};

[[maybe_unused]] auto *const environment = testing::AddGlobalTestEnvironment(new BochsIsInstalled);

TEST(Apps, TourShowsBothDetours)
{
    const Outcome run = boot("apps/tour");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    for (const char *part : {"cbfmanager", "planted", "All user processes have completed."}) {
        EXPECT_NE(run.console.find(part), std::string::npos) << part << " is not in\n" << run.console;
    }
}

TEST(Apps, AttacksAllEnd)
{
    const Outcome run = boot("apps/attacks");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("attacks: all have ended, and nothing else\n"), std::string::npos) << run.console;
    EXPECT_EQ(run.console.find("goes on\n"), std::string::npos) << run.console;
}

// The exit code tells how a run ended, on either machine.
TEST(Apps, EndAsTheyShould)
{
    EXPECT_EQ(boot("fault_panic").exit_code, kPanic);
    EXPECT_EQ(boot("triple_fault").exit_code, kReset);
}

} // namespace
} // namespace detour::test
