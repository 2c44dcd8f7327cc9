// message_test.cpp - where a message goes: to a process blocked for it, or into the mailbox as an event
#include "tests/host/fake_arch.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/detour/detour.hpp"
#include "kernel/process/message.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

namespace detour
{
namespace
{

class MessageTest : public fake::World
{
protected:
    // A process with a message callback, blocked in this state.
    static ProcessId receiver_in(uint16 state)
    {
        const ProcessId pid = create_current();
        EXPECT_TRUE(register_message(process_entry(pid), [] {}));
        if (state == PR_SLEEP || state == PR_RECTIM)
            wake_after(pid, 100);
        block(state);
        return pid;
    }

    static void expect_still_registered(const procent &receiver, uint16 arrived)
    {
        EXPECT_EQ(receiver.prmsgreg, 1);
        EXPECT_EQ(receiver.pretype, CB_MESSAGE);
        EXPECT_EQ(receiver.prdetour.arrived, arrived);
    }
};

// R12: a process that is blocked for a message simply gets it.
TEST_F(MessageTest, ABlockedReceiverBecomesReadyWithoutAnEvent)
{
    for (const uint16 state : {PR_RECV, PR_RECTIM}) {
        const ProcessId pid = receiver_in(state);
        const InterruptGuard guard;
        EXPECT_TRUE(deliver_message(pid, 42));
        const procent &receiver = process_entry(pid);
        EXPECT_EQ(receiver.prstate, PR_READY);
        EXPECT_EQ(receiver.prmsg, 42U);
        EXPECT_EQ(receiver.prhasmsg, TRUE);
        EXPECT_TRUE(sleep_queue.empty());
        expect_still_registered(receiver, 0);
        resched();
        block(PR_SUSP);
    }
}

// R12, R15: everywhere else it is an event, and the process stays where it is.
TEST_F(MessageTest, ElsewhereItIsAnEvent)
{
    for (const uint16 state : {PR_SLEEP, PR_SUSP}) {
        const ProcessId pid = receiver_in(state);
        const InterruptGuard guard;
        EXPECT_FALSE(deliver_message(pid, 42));
        EXPECT_EQ(process_entry(pid).prstate, state);
        EXPECT_EQ(sleep_queue.contains(pid), state == PR_SLEEP);
        expect_still_registered(process_entry(pid), 1);
    }
}

TEST_F(MessageTest, WithoutARegistrationThereIsNoEvent)
{
    const ProcessId pid = create();
    const InterruptGuard guard;
    EXPECT_FALSE(deliver_message(pid, 1));
    EXPECT_EQ(process_entry(pid).prdetour.arrived, 0);
}

TEST_F(MessageTest, AFullMailboxIsTheCallersMistake)
{
    const ProcessId pid = create();
    const InterruptGuard guard;
    deliver_message(pid, 1);
    EXPECT_PANIC(deliver_message(pid, 2), "prhasmsg == FALSE");
    EXPECT_EQ(process_entry(pid).prmsg, 1U);
}

} // namespace
} // namespace detour
