// scheduler_test.cpp - who runs next: the highest priority, and turns among equals
#include "tests/host/fake_arch.hpp"

#include "kernel/interrupt_guard.hpp"
#include "kernel/process_table.hpp"
#include "kernel/scheduler.hpp"

namespace detour
{
namespace
{

using fake::machine;
using fake::Switch;
using Switches = std::vector<Switch>;
using SchedulerTest = fake::World;

TEST_F(SchedulerTest, TheHighestPriorityRuns)
{
    const ProcessId low = create_ready(10);
    const ProcessId high = create_ready(30);
    const ProcessId middle = create_ready(20);
    resched();
    EXPECT_EQ(currpid, high);
    EXPECT_EQ(process_entry(high).prstate, PR_CURR);
    EXPECT_EQ(process_entry(kNullProcess).prstate, PR_READY);
    resched(); // no equal, so it stays
    block(PR_RECV);
    block(PR_RECV);
    block(PR_RECV);
    EXPECT_EQ(machine.switches, (Switches{{0, high}, {high, middle}, {middle, low}, {low, 0}}));
    EXPECT_EQ(process_entry(kNullProcess).prstate, PR_CURR);
}

TEST_F(SchedulerTest, EqualsTakeTurns)
{
    const ProcessId a = create_ready();
    const ProcessId b = create_ready();
    const ProcessId c = create_ready();
    create_ready(19); // never gets a turn
    for (int i = 0; i < 5; ++i)
        resched();
    EXPECT_EQ(machine.switches, (Switches{{0, a}, {a, b}, {b, c}, {c, a}, {a, b}}));
}

TEST_F(SchedulerTest, TheNullProcessIsInNoQueueAndStaysWhenAlone)
{
    resched();
    EXPECT_TRUE(machine.switches.empty());
    const ProcessId pid = create_current(1);
    EXPECT_TRUE(ready_queue.empty());
    EXPECT_FALSE(is_linked(process_links, kNullProcess));
    resched();
    EXPECT_EQ(currpid, pid) << "every process comes before the null process";
    const InterruptGuard guard;
    block_current(PR_SUSP);
    resched();
    EXPECT_PANIC(block_current(PR_SUSP), "currpid != kNullProcess");
}

TEST_F(SchedulerTest, ASwitchStartsAQuantumAndAVainCallDoesNot)
{
    create_current(20);
    ticks_left = 1;
    create_ready(19);
    resched();
    EXPECT_EQ(ticks_left, 1U);
    create_ready(20);
    resched();
    EXPECT_EQ(ticks_left, uint32_t{QUANTUM});
}

TEST_F(SchedulerTest, SwitchesWithInterruptsMaskedAndPutsTheFlagBack)
{
    create_current(20); // the fake's ctxsw expects them masked
    EXPECT_FALSE(arch::interrupts_masked());
    create_ready(20);
    const InterruptGuard guard;
    resched();
    EXPECT_TRUE(arch::interrupts_masked());
}

TEST_F(SchedulerTest, AReadyProcessMovesToItsNewPriority)
{
    create_current(25);
    const ProcessId a = create_ready(20);
    const ProcessId b = create_ready(20);
    const ProcessId suspended = create(5);
    const InterruptGuard guard;
    set_priority(b, 21);
    set_priority(suspended, 32767);
    EXPECT_EQ(process_entry(suspended).prstate, PR_SUSP);
    EXPECT_EQ(ready_queue.front(), b);
    set_priority(b, 20); // now behind a
    EXPECT_EQ(ready_queue.front(), a);
    set_priority(a, 1);
    EXPECT_EQ(ready_queue.front(), b);
    set_priority(b, 32767);
    set_priority(current(), 19);
    EXPECT_EQ(process_entry(current()).prprio, 19);
    resched();
    EXPECT_EQ(currpid, b);
    block_current(PR_SUSP);
    resched();
    EXPECT_EQ(process_entry(current()).prprio, 19);
}

TEST_F(SchedulerTest, RefusesToQueueAProcessTwice)
{
    const ProcessId pid = create_ready();
    const InterruptGuard guard;
    EXPECT_PANIC(make_ready(pid), "!is_linked");
}

TEST_F(SchedulerTest, RefusesToWorkWithInterruptsEnabled)
{
    const ProcessId pid = create();
    EXPECT_PANIC(make_ready(pid), "interrupts_masked");
    EXPECT_TRUE(ready_queue.empty());
}

TEST_F(SchedulerTest, RefusesAStackWhoseBaseWasOverwritten)
{
    const ProcessId pid = create_ready();
    *reinterpret_cast<uint32_t *>(process_entry(pid).prstkbase) ^= 1;
    EXPECT_PANIC(resched(), "stack_is_intact");
    EXPECT_TRUE(machine.switches.empty());
}

} // namespace
} // namespace detour
