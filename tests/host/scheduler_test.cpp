// scheduler_test.cpp - which process runs next: the highest priority, and turns among equals
#include "tests/host/fake_arch.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/report/process_report.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/stack.hpp"

#include <array>
#include <cstdio>

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
    EXPECT_TRUE(ready_queue.empty());
    const ProcessId pid = create_current(1);
    EXPECT_EQ(ready_queue.front(), pid) << "the running process stays in the queue";
    EXPECT_FALSE(is_linked(process_links, kNullProcess));
    resched();
    EXPECT_EQ(currpid, pid) << "every process comes before the null process";
    const InterruptGuard guard;
    block_current(PR_SUSP);
    resched();
    EXPECT_PANIC(block_current(PR_SUSP), "pid != kNullProcess");
}

TEST_F(SchedulerTest, ASwitchStartsAQuantumAndAVainCallDoesNot)
{
    create_current(20);
    preempt = 1;
    create_ready(19);
    resched();
    EXPECT_EQ(preempt, 1U);
    create_ready(20);
    resched();
    EXPECT_EQ(preempt, uint32_t{QUANTUM});
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

TEST_F(SchedulerTest, AChangedPriorityTakesEffectAtTheNextInsertion)
{
    create_current(25);
    const ProcessId a = create_ready(20);
    const ProcessId b = create_ready(20);
    const ProcessId suspended = create(5);
    const InterruptGuard guard;
    set_priority(b, 21);
    set_priority(suspended, 32767);
    EXPECT_EQ(process_entry(suspended).prstate, PR_SUSP);
    const ProcessId running = current();
    std::vector<ProcessId> order;
    ready_queue.for_each(process_links, [&](ProcessId pid, uint32_t) { order.push_back(pid); });
    EXPECT_EQ(order, (std::vector<ProcessId>{running, a, b}));
    set_priority(running, 19);
    EXPECT_EQ(current(), running);
    resched();
    EXPECT_EQ(currpid, a);
    make_ready(suspended);
    resched();
    EXPECT_EQ(currpid, suspended);
    block_current(PR_SUSP);
    resched(); // a yielded for it, and is behind b now
    EXPECT_EQ(currpid, b);
    block_current(PR_SUSP);
    resched();
    EXPECT_EQ(currpid, a);
    block_current(PR_SUSP);
    resched();
    EXPECT_EQ(currpid, running);
}

// Whatever a program wrote over prstate.
TEST_F(SchedulerTest, AProcessInAQueueStaysThere)
{
    const ProcessId ready = create_ready(10);
    const ProcessId sleeper = create();
    const InterruptGuard guard;
    wake_after(sleeper, 5);
    for (const ProcessId pid : {ready, sleeper, kNullProcess}) {
        process_entry(pid).prstate = PR_RECV;
        make_ready(pid);
    }
    EXPECT_TRUE(sleep_queue.contains(sleeper));
    EXPECT_EQ(ready_queue.front(), ready);
    ready_queue.remove(process_links, ready);
    EXPECT_TRUE(ready_queue.empty());
}

TEST_F(SchedulerTest, AWrittenPriorityCountsWhenTheProcessIsNextQueued)
{
    const ProcessId pid = create_ready(10);
    for (const int priority : {32767, 11, 0, -1, -32768}) {
        process_entry(pid).prprio = static_cast<pri16>(priority);
        EXPECT_EQ(ready_queue.priority_of(pid), 10U);
    }
    resched();
    EXPECT_EQ(currpid, pid);
    const ProcessId equal = create_ready(1);
    resched();
    EXPECT_EQ(currpid, equal);
    EXPECT_EQ(ready_queue.priority_of(pid), 1U);
}

TEST_F(SchedulerTest, TheNullProcessGivesWayWhateverItsPrioritySays)
{
    process_entry(kNullProcess).prprio = 32767;
    create_current(1);
}

TEST_F(SchedulerTest, TheQueueDecidesWhoRunsNotTheState)
{
    const ProcessId a = create_ready();
    const ProcessId b = create_ready();
    process_entry(a).prstate = PR_SUSP;
    resched();
    EXPECT_EQ(currpid, a);
    EXPECT_EQ(process_entry(a).prstate, PR_CURR);
    process_entry(a).prstate = PR_READY; // as a program may say that it gives way
    resched();
    EXPECT_EQ(currpid, b);
    process_entry(b).prstate = PR_SLEEP; // or that it waits
    resched();
    EXPECT_EQ(currpid, a);
    EXPECT_FALSE(is_queued(b));
}

TEST_F(SchedulerTest, RefusesToWorkWithInterruptsEnabled)
{
    const ProcessId pid = create();
    EXPECT_PANIC(make_ready(pid), "interrupts_masked");
    EXPECT_TRUE(ready_queue.empty());
}

class DamagedStackTest : public fake::World
{
protected:
    // Switches to the process, which must end with this report, on the exit stack; continues as another.
    static void expect_end(ProcessId pid, const std::string &report)
    {
        const InterruptGuard guard;
        machine.console.clear();
        machine.last_stack = nullptr;
        const auto abandoned_by = [](void (*next)()) -> void (*)() {
            try {
                next();
            } catch (const fake::AbandonedStack &abandoned) {
                return abandoned.next;
            }
            return nullptr;
        };
        resched();
        ASSERT_EQ(currpid, pid);
        ASSERT_NE(machine.last_stack, nullptr) << report;
        EXPECT_THROW(abandoned_by(machine.last_stack)(), fake::LeftForEver);
        EXPECT_EQ(machine.console,
                  "process " + std::to_string(pid) + " (test) ended: its stack is damaged: " + report + "\n");
        EXPECT_EQ(find_process(pid), nullptr);
    }

    static std::string hex(const void *address)
    {
        std::array<char, 12> text{};
        std::snprintf(text.data(), text.size(), "0x%08x", static_cast<unsigned>(reinterpret_cast<uintptr_t>(address)));
        return text.data();
    }

    static char *at(uint32_t address) { return reinterpret_cast<char *>(uintptr_t{address}); }
};

TEST_F(DamagedStackTest, EndsTheProcessThatWouldRunOnIt)
{
    create(); // is not the last one
    const ProcessId marked = create_ready();
    char *const base = process_entry(marked).prstkbase;
    *reinterpret_cast<uint32_t *>(base) = 17;
    expect_end(marked, "the word at prstkbase " + hex(base) + " is 0x00000011, not STACKMAGIC");
    for (const uint32_t wrong : {0U, 0x44U, 3U, fake::kHoleBase, fake::kMemoryBase + 2, 0xFFFFFFFCU}) {
        const ProcessId pid = create_ready();
        process_entry(pid).prstkbase = at(wrong);
        expect_end(pid, "prstkbase " + hex(at(wrong)) + " is not in memory");
    }
    for (const uint32_t wrong : {0U, fake::kHoleBase, fake::kHoleBase - 40, fake::kMemoryBase + 2}) {
        const ProcessId pid = create_ready();
        process_entry(pid).prstkptr = at(wrong);
        expect_end(pid, "its saved stack pointer " + hex(at(wrong)) + " is not in memory");
    }
}

TEST_F(DamagedStackTest, ChecksEveryEdgeOfTheOwnStack)
{
    create();
    for (const int32_t wrong : {-4, -44, 4, 2}) { // from the lowest word; the guard page is below
        const ProcessId pid = create_ready();
        process_entry(pid).prstkptr = at(stack_low(process_entry(pid))) + wrong;
        if (wrong == 4) {
            machine.last_stack = nullptr;
            resched();
            EXPECT_EQ(currpid, pid);
            EXPECT_EQ(machine.last_stack, nullptr);
            end_current();
        } else {
            expect_end(pid, "its saved stack pointer " + hex(process_entry(pid).prstkptr) + " is not in memory");
        }
    }
}

TEST_F(DamagedStackTest, AStackOfTheProgramsOwnIsNone)
{
    const ProcessId pid = create_ready();
    uint32_t bytes = kPageBytes;
    char *const another = allocate_stack(bytes, pid);
    process_entry(pid).prstkptr = another - 100;
    process_entry(pid).prstklen = 0xFFFFFFFF; // no switch needs it
    resched();
    EXPECT_EQ(currpid, pid);
    EXPECT_EQ(machine.last_stack, nullptr);
    process_entry(pid).prstkbase = another;
    *reinterpret_cast<uint32_t *>(another) = STACKMAGIC;
    create_current(21);
    block(PR_SUSP);
    EXPECT_EQ(currpid, pid);
    EXPECT_EQ(machine.last_stack, nullptr);
}

TEST_F(DamagedStackTest, AStackThatWasGivenBackIsNotTrusted)
{
    create();
    const ProcessId pid = create_ready();
    procent &process = process_entry(pid);
    char *const base = process.prstkbase;
    process.prstkbase = nullptr;
    {
        const InterruptGuard guard;
        ASSERT_TRUE(free_stack(base, process.prstklen));
    }
    process.prstkbase = base;
    expect_end(pid, "prstkbase " + hex(base) + " is not in memory");
}

TEST_F(DamagedStackTest, OfTheNullProcessIsAPanic)
{
    create_current();
    process_entry(kNullProcess).prstkbase = nullptr;
    block(PR_SUSP);
    ASSERT_NE(machine.last_stack, nullptr);
    EXPECT_PANIC(machine.last_stack(), "panic: the null process's stack is damaged");
}

TEST_F(DamagedStackTest, IsNotLookedAtByReports)
{
    procent &process = process_entry(create());
    EXPECT_EQ(stack_of(process).low, stack_low(process));
    EXPECT_EQ(stack_of(process).words.size(), kPageBytes / 4 - 1);
    char *const base = process.prstkbase;
    for (const uint32_t length : {0U, 4100U, 8192U, 0x80000000U, 0xFFFFF000U, 0xFFFFFFFFU}) {
        process.prstklen = length;
        EXPECT_TRUE(stack_of(process).words.empty()) << length;
    }
    for (const uint32_t length : {1U, 400U, 4095U, 4096U}) { // it is a page
        process.prstklen = length;
        EXPECT_EQ(stack_of(process).words.size(), kPageBytes / 4 - 1) << length;
    }
    for (const uint32_t wrong : {0U, 0x44U, fake::kHoleBase, 0xFFFFFFFCU}) {
        process.prstkbase = at(wrong);
        EXPECT_TRUE(stack_of(process).words.empty()) << wrong;
    }
    process.prstkbase = base + 1;
    EXPECT_TRUE(stack_of(process).words.empty());
}

} // namespace
} // namespace detour
