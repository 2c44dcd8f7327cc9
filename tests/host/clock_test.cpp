// clock_test.cpp - what a clock interrupt does: counts, wakes, ends quanta
#include "tests/host/fake_arch.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

namespace detour
{
namespace
{

using fake::machine;

class ClockTest : public fake::World
{
protected:
    static void tick(uint32_t times = 1)
    {
        const InterruptGuard guard; // the interrupt gate
        while (times-- > 0)
            clkhandler();
    }

    // The current process sleeps, and the next one runs.
    static void sleep_for(uint32_t msec, uint16 state = PR_SLEEP)
    {
        const InterruptGuard guard;
        wake_after(current(), msec);
        block_current(state);
        resched();
    }
};

TEST_F(ClockTest, CountsBeforeAnythingElseLooks)
{
    create_current();
    sleep_for(1);
    uint32_t seen = 0;
    machine.on_switch = [&] { seen = clkcountermsec; };
    tick();
    EXPECT_EQ(seen, 1U);
}

TEST_F(ClockTest, CountsSeconds)
{
    tick(999);
    EXPECT_EQ(clktime, 0U);
    tick();
    EXPECT_EQ(clktime, 1U);
    tick(1999);
    EXPECT_EQ(clktime, 2U);
    EXPECT_EQ(clkcountermsec, 2999U);
    EXPECT_EQ(uptime_msec(), 2999U);
}

TEST_F(ClockTest, EqualsShareTheProcessorByQuanta)
{
    const ProcessId a = create_current();
    const ProcessId b = create_ready();
    for (int round = 0; round < 3; ++round) {
        for (const ProcessId pid : {a, b}) {
            EXPECT_EQ(currpid, pid);
            tick(QUANTUM - 1);
            EXPECT_EQ(currpid, pid);
            tick();
        }
    }
}

TEST_F(ClockTest, AProcessWithoutEqualsKeepsTheProcessor)
{
    const ProcessId pid = create_current();
    create_ready(19);
    tick(5 * QUANTUM);
    EXPECT_EQ(currpid, pid);
    EXPECT_EQ(machine.switches.size(), 1U);
    EXPECT_EQ(preempt, uint32_t{QUANTUM}) << "each of its quanta is a full one";
}

TEST_F(ClockTest, WakesOnTheTickInTheOrderOfGoingToSleep)
{
    const ProcessId a = create_current(22);
    sleep_for(5);
    const ProcessId b = create_current(22);
    sleep_for(3);
    tick(2);
    const ProcessId c = create_current(22);
    sleep_for(3, PR_RECTIM); // same tick as a, requested later
    tick();
    EXPECT_EQ(currpid, b);
    block(PR_SUSP);
    tick();
    EXPECT_EQ(currpid, kNullProcess);
    tick();
    EXPECT_EQ(currpid, a);
    EXPECT_EQ(process_entry(c).prstate, PR_READY);
    resched();
    EXPECT_EQ(currpid, c);
    EXPECT_TRUE(sleep_queue.empty());
}

TEST_F(ClockTest, WakingALowerPriorityDoesNotSwitch)
{
    const ProcessId sleeper = create_current(10);
    sleep_for(0); // the next tick
    const ProcessId pid = create_current(20);
    tick();
    EXPECT_EQ(currpid, pid);
    EXPECT_EQ(process_entry(sleeper).prstate, PR_READY);
}

TEST_F(ClockTest, SleepersDoNotNoticeTheWrapOfTheCounter)
{
    clkcountermsec = 0xFFFFFFFE;
    const ProcessId pid = create_current();
    sleep_for(5);
    tick(4);
    EXPECT_EQ(clkcountermsec, 2U);
    EXPECT_EQ(currpid, kNullProcess);
    tick();
    EXPECT_EQ(currpid, pid);
}

} // namespace
} // namespace detour
