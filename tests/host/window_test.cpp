// window_test.cpp - what ring 3 sees of the process table, and what it does not
#include "tests/host/fake_user_world.hpp"

#include "kernel/detour/detour.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/window.hpp"

namespace detour
{
namespace
{

void on_alarm() {}
void on_message() {}

class WindowTest : public fake::UserWorld
{
protected:
    static uint16 state_of(ProcessId pid) { return window.table[pid].prstate; }

    static void expect_registrations(ProcessId pid, uint16 alarm, uint16 message)
    {
        const publicentry &entry = window.table[pid];
        EXPECT_EQ(entry.pretype, alarm + 2 * message);
        EXPECT_EQ(entry.pralarmreg, alarm);
        EXPECT_EQ(entry.prmsgreg, message);
    }

    static void end(ProcessId pid)
    {
        const InterruptGuard guard;
        end_process(pid);
        release_remains(false);
    }

    // A new ring-0 process in this entry: entries are used again in the order in which they became free.
    static void create_in(ProcessId entry)
    {
        ProcessId pid = create();
        while (pid != entry) {
            end(pid);
            pid = create();
        }
    }
};

TEST_F(WindowTest, ShowsAProcess)
{
    const ProcessId pid = start(77);
    const publicentry &entry = window.table[pid];
    EXPECT_EQ(entry.prstate, PR_SUSP);
    EXPECT_EQ(entry.prprio, 77);
    EXPECT_EQ(entry.prparent, kNullProcess);
    EXPECT_EQ(entry.prring, 3);
    EXPECT_STREQ(entry.prname, "sample");
    EXPECT_EQ(window.table[create()].prring, 0);
    EXPECT_STREQ(window.table[kNullProcess].prname, "prnull");
}

TEST_F(WindowTest, ShowsEveryStateAndWhoIsCurrent)
{
    const ProcessId pid = start();
    const ProcessId other = start();
    EXPECT_EQ(state_of(pid), PR_SUSP);
    for (const uint16 state : {PR_RECV, PR_SLEEP, PR_SUSP, PR_WAIT, PR_RECTIM}) {
        {
            const InterruptGuard guard;
            make_ready(pid);
            make_ready(other);
        }
        EXPECT_EQ(state_of(pid), PR_READY);
        EXPECT_EQ(window.header.current, kNullProcess);
        resched();
        EXPECT_EQ(state_of(pid), PR_CURR);
        EXPECT_EQ(state_of(kNullProcess), PR_READY);
        EXPECT_EQ(state_of(other), PR_READY);
        EXPECT_EQ(window.header.current, currpid);
        resched(); // now the other can look
        EXPECT_EQ(state_of(pid), PR_READY);
        EXPECT_EQ(state_of(other), PR_CURR);
        resched();
        block(state);
        EXPECT_EQ(state_of(pid), state);
        EXPECT_EQ(state_of(other), PR_CURR);
        EXPECT_EQ(window.header.current, currpid);
        while (current() != kNullProcess)
            block(PR_SUSP);
    }
    process_entry(pid).prstate = PR_SUSP; // it is in none of the queues that the last states stand for
    end(pid);
    EXPECT_EQ(state_of(pid), PR_FREE);
}

TEST_F(WindowTest, ShowsPriorities)
{
    const ProcessId pid = start(20);
    const InterruptGuard guard;
    set_priority(pid, 21);
    EXPECT_EQ(window.table[pid].prprio, 21);
    make_ready(pid);
    set_priority(pid, 32767);
    EXPECT_EQ(window.table[pid].prprio, 32767);
    resched();
    set_priority(pid, 5);
    EXPECT_EQ(window.table[pid].prprio, 5);
}

TEST_F(WindowTest, ShowsTimeAndCount)
{
    EXPECT_EQ(window.header.count, prcount);
    const ProcessId pid = start();
    EXPECT_EQ(window.header.count, 3);
    end(pid);
    EXPECT_EQ(window.header.count, 2);
    const InterruptGuard guard;
    for (int tick = 0; tick < 2500; ++tick)
        clkhandler();
    EXPECT_EQ(window.header.msec, 2500U);
    EXPECT_EQ(window.header.msec, clkcountermsec);
    EXPECT_EQ(window.header.seconds, 2U);
}

TEST_F(WindowTest, ShowsTheRegistrationsOfRingThree)
{
    clkcountermsec = 100;
    const ProcessId pid = enter();
    procent &process = process_entry(pid);
    expect_registrations(pid, 0, 0);
    ASSERT_TRUE(register_alarm(process, on_alarm, 50));
    expect_registrations(pid, 1, 0);
    EXPECT_EQ(window.table[pid].pralarmtime, 150U);
    EXPECT_EQ(window.table[pid].prcbf1, &on_alarm);
    ASSERT_TRUE(register_message(process, on_message));
    expect_registrations(pid, 1, 1);
    EXPECT_EQ(window.table[pid].prcbf2, &on_message);
    clkcountermsec = 150;
    Claimed claimed{};
    const InterruptGuard guard;
    claim_due(process, claimed);
    expect_registrations(pid, 0, 1);
    process.prdetour.arrived = 1;
    claim_due(process, claimed);
    expect_registrations(pid, 0, 0);
}

TEST_F(WindowTest, KeepsTheRegistrationsOfRingZeroPrivate)
{
    const ProcessId pid = create_current();
    ASSERT_TRUE(register_alarm(process_entry(pid), on_alarm, 50));
    ASSERT_TRUE(register_message(process_entry(pid), on_message));
    expect_registrations(pid, 0, 0);
    EXPECT_EQ(window.table[pid].pralarmtime, 0U);
    EXPECT_EQ(window.table[pid].prcbf1, nullptr);
    EXPECT_EQ(window.table[pid].prcbf2, nullptr);
}

TEST_F(WindowTest, NothingOfAnEarlierLifeIsShown)
{
    const ProcessId pid = start();
    ASSERT_TRUE(register_alarm(process_entry(pid), on_alarm, 50));
    ASSERT_TRUE(register_message(process_entry(pid), on_message));
    end(pid);
    create_in(pid);
    expect_registrations(pid, 0, 0);
    EXPECT_EQ(window.table[pid].pralarmtime, 0U);
    EXPECT_EQ(window.table[pid].prcbf1, nullptr);
    EXPECT_STREQ(window.table[pid].prname, "test");
    EXPECT_EQ(window.table[pid].prring, 0);
}

// Nothing else lies on these pages, so nothing can leak.
TEST_F(WindowTest, ThePagesHoldNothingElse)
{
    EXPECT_EQ(reinterpret_cast<uintptr_t>(&window) % kPageBytes, 0U);
    EXPECT_EQ(sizeof window % kPageBytes, 0U);
    const auto *const bytes = reinterpret_cast<const char *>(&window);
    for (size_t at = sizeof(windowheader); at < offsetof(Window, table); ++at)
        ASSERT_EQ(bytes[at], 0);
    for (size_t at = offsetof(Window, table) + sizeof window.table; at < sizeof window; ++at)
        ASSERT_EQ(bytes[at], 0);
}

} // namespace
} // namespace detour
