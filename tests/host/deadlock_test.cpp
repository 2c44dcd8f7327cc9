// deadlock_test.cpp - the null process reports a deadlock, and nothing else
#include "tests/host/fake_arch.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/report/deadlock.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

namespace detour
{
namespace
{

using fake::machine;

class StuckTest : public fake::World
{
protected:
    static std::string report()
    {
        machine.console.clear();
        report_if_stuck();
        return machine.console;
    }

    static void wait_on(sid32 sem)
    {
        const InterruptGuard guard;
        take_or_wait(sem);
        resched();
    }
};

TEST_F(StuckTest, SaysOnceForWhatAllWait)
{
    const ProcessId suspended = create();
    const ProcessId receiver = create_current();
    block(PR_RECV);
    const ProcessId waiter = create_current();
    const sid32 sem = allocate_semaphore();
    wait_on(sem);
    ASSERT_EQ(current(), kNullProcess);

    const auto line = [](ProcessId pid, const std::string &state) {
        return "\n" + std::to_string(pid) + " (test) is " + state + ":\n";
    };
    const std::string text = report();
    EXPECT_EQ(text.find("\nAll processes wait, and nothing will wake them:" + line(suspended, "suspended")), 0U)
        << text;
    for (const std::string &wanted :
         {line(receiver, "receiving"), line(waiter, "waiting on semaphore " + std::to_string(sem))})
        EXPECT_NE(text.find(wanted), std::string::npos) << wanted << text;
    EXPECT_EQ(report(), "");
}

TEST_F(StuckTest, ASleeperWillRunAgain)
{
    const ProcessId sleeper = create_current();
    {
        const InterruptGuard guard;
        wake_after(sleeper, 10);
        block_current(PR_SLEEP);
        resched();
    }
    EXPECT_EQ(report(), "");
}

TEST_F(StuckTest, ReadersOfTheConsoleMayRunAgain)
{
    create_current();
    wait_on(kConsoleInput);
    EXPECT_EQ(report(), "");
}

TEST_F(StuckTest, OneThatIsReadyWillRun)
{
    create_ready();
    EXPECT_EQ(report(), "");
}

TEST_F(StuckTest, ListsOnlySome)
{
    for (int i = 0; i < 17; ++i)
        create();
    const std::string text = report();
    EXPECT_NE(text.find("\n16 (test) is suspended:\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("17 (test)"), std::string::npos) << text;
    EXPECT_EQ(text.substr(text.rfind("\n...")), "\n... (18 processes in all)\n") << text;
}

} // namespace
} // namespace detour
