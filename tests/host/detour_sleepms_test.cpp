// detour_sleepms_test.cpp - whose return address is rewritten, and where it leads; rules as in callbacks.md
#include "tests/host/detour_fixture.hpp"

namespace detour
{
namespace
{

TEST_F(DetourTest, R13_R15_AMessageRewritesTheReturnAddressOfSleepms)
{
    for (const uint16 state : {PR_SLEEP, PR_READY, PR_SUSP}) {
        const ProcessId pid = create_sleeper();
        procent &process = process_entry(pid);
        process.prstate = state;
        uint32_t *const slot = put_into_sleepms(process);
        const std::vector<uint32_t> before = stack_words(process);
        deliver(pid);
        EXPECT_EQ(*slot, cbfreturn_address());
        EXPECT_EQ(process.prdetour.original, kHome);
        EXPECT_EQ(process.prdetour.slot, slot);
        expect_fields(process, 0, 1);
        *slot = kHome;
        EXPECT_EQ(stack_words(process), before) << "one word, no more";
        process.prstate = PR_SLEEP;
    }
}

TEST_F(DetourTest, R15_R19_APlantedDetourBeginsInCbfreturnAndNowhereElse)
{
    const ProcessId pid = create_sleeper();
    register_alarm(process_entry(pid), on_alarm, 5);
    put_into_sleepms(process_entry(pid));
    deliver(pid);
    clkcountermsec = 10;
    process_entry(pid).prstate = PR_SUSP; // woken by hand
    {
        const InterruptGuard guard;
        make_ready(pid);
        resched();
    }
    ASSERT_EQ(currpid, pid);
    Claimed at_tick = leave_clkdisp();
    EXPECT_EQ(at_tick.alarm, nullptr);
    EXPECT_EQ(at_tick.message, nullptr);
    expect_fields(self(), 1, 1);
    const ClaimedOnReturn claimed = arrive_in_cbfreturn();
    EXPECT_EQ(claimed.events.alarm, &on_alarm);
    EXPECT_EQ(claimed.events.message, &on_message);
    EXPECT_EQ(claimed.vacation, nullptr);
    expect_fields(self(), 0, 0);
    EXPECT_EQ(self().prdetour.slot, nullptr);
}

TEST_F(DetourTest, R14_R16_WhatDoesNotVerifyIsLeftAloneAndComesWithTheClock)
{
    const ProcessId pid = create_sleeper();
    procent &process = process_entry(pid);
    uint32_t *const words = put_into_sleepms(process) - 31;
    for (const uint32_t index : {9U, 10U, 20U, 21U}) { // each link and return address on the way
        process.prdetour.arrived = 0;
        const uint32_t kept = words[index];
        words[index] = 0x1004;
        const std::vector<uint32_t> before = stack_words(process);
        deliver(pid);
        EXPECT_EQ(stack_words(process), before);
        EXPECT_EQ(process.prdetour.slot, nullptr);
        EXPECT_EQ(process.prdetour.arrived, 1);
        words[index] = kept;
    }
    process.prstkptr = nullptr; // nor is anything read outside
    process.prdetour.arrived = 0;
    deliver(pid);
    const InterruptGuard guard;
    make_ready(pid);
    resched();
    EXPECT_EQ(leave_clkdisp().message, &on_message);
}

TEST_F(DetourTest, R16_TheCurrentProcessIsNotRewritten)
{
    create_current();
    register_message(self(), on_message);
    const uint32_t *const slot = put_into_sleepms(self()); // left over from its last sleep
    deliver(current());
    EXPECT_EQ(*slot, kHome);
    EXPECT_EQ(leave_clkdisp().message, &on_message);
}

TEST_F(DetourTest, R11_AMessageForACallbackAsleepWaits)
{
    const ProcessId pid = create_sleeper();
    procent &process = process_entry(pid);
    process.prdetour.running = CB_MESSAGE;
    const uint32_t *const slot = put_into_sleepms(process);
    deliver(pid);
    EXPECT_EQ(*slot, kHome);
    EXPECT_EQ(process.prdetour.arrived, 1);
}

TEST_F(DetourTest, R18_TheOriginalReturnAddressIsNeverLost)
{
    const ProcessId pid = create_sleeper();
    procent &process = process_entry(pid);
    uint32_t *const slot = put_into_sleepms(process);
    deliver(pid);
    deliver(pid); // the mailbox has been emptied meanwhile
    EXPECT_EQ(process.prdetour.original, kHome);
    process.prdetour.arrived = 0; // as if it were a new event: what is planted stays
    deliver(pid);
    EXPECT_EQ(process.prdetour.original, kHome);
    EXPECT_EQ(*slot, cbfreturn_address());
    const InterruptGuard guard;
    make_ready(pid);
    resched();
    process.prdetour.vacation = vacation;
    prepare_sleepms_return(slot); // nor does sleepms() itself plant a second time
    EXPECT_EQ(process.prdetour.original, kHome);
    EXPECT_EQ(arrive_in_cbfreturn().vacation, &vacation);
}

TEST_F(DetourTest, R7_R20_SleepmsPlantsForWhatIsDueAtItsEnd)
{
    create_current();
    uint32_t *const slot = words_below_base(self(), 100);
    *slot = kHome;
    const InterruptGuard guard;
    register_alarm(self(), on_alarm, 5);
    register_message(self(), on_message);
    prepare_sleepms_return(slot);
    EXPECT_EQ(*slot, kHome) << "nothing is due";
    clkcountermsec = 5;
    prepare_sleepms_return(slot);
    EXPECT_EQ(*slot, cbfreturn_address());
    EXPECT_EQ(leave_clkdisp().alarm, nullptr);
    EXPECT_EQ(arrive_in_cbfreturn().events.alarm, &on_alarm);

    *slot = kHome;
    self().prdetour.vacation = vacation;
    prepare_sleepms_return(slot);
    const ClaimedOnReturn claimed = arrive_in_cbfreturn();
    EXPECT_EQ(claimed.vacation, &vacation);
    EXPECT_EQ(claimed.events.alarm, nullptr);
    *slot = kHome;
    prepare_sleepms_return(slot);
    EXPECT_EQ(*slot, kHome) << "a vacation is for one return";
}

// A chain of frames that fits, but leads past sleepms's frame to that of its caller.
TEST_F(DetourTest, R14_OnlyTheSlotThatSleepmsHasNoted)
{
    const ProcessId pid = create_sleeper();
    procent &process = process_entry(pid);
    uint32_t *const slot = put_into_sleepms(process);
    process.prdetour.sleeping = slot - 4;
    deliver(pid);
    EXPECT_EQ(*slot, kHome);
    EXPECT_EQ(process.prdetour.slot, nullptr);
}

// Course code rewrites stacks too. What it writes into the slot stays, and the clock delivers the event.
TEST_F(DetourTest, AReturnAddressThatOtherCodeRewritesStays)
{
    const ProcessId pid = create_sleeper();
    uint32_t *const slot = put_into_sleepms(process_entry(pid));
    deliver(pid);
    *slot = 0x00200000;
    const InterruptGuard guard;
    make_ready(pid);
    resched();
    prepare_sleepms_return(slot);
    EXPECT_EQ(*slot, 0x00200000U);
    EXPECT_EQ(leave_clkdisp().message, &on_message);
    EXPECT_EQ(arrive_in_cbfreturn().events.message, nullptr) << "that code jumps to the address that it found";
    EXPECT_EQ(self().prdetour.original, 0U);
}

// As long as one original address is kept, nothing plants: neither send() nor sleepms(), whatever is due.
TEST_F(DetourTest, R18_ADisplacedReturnAddressIsNotLostEither)
{
    constexpr uint32_t kOther = 0x00456789;
    const ProcessId pid = create_sleeper();
    procent &process = process_entry(pid);
    uint32_t *const slot = put_into_sleepms(process);
    deliver(pid);
    *slot = kOther;
    const InterruptGuard guard;
    make_ready(pid);
    resched();
    for (int round = 0; round < 3; ++round) {
        process.prdetour.vacation = vacation;
        prepare_sleepms_return(slot);
        EXPECT_EQ(*slot, kOther);
        EXPECT_EQ(process.prdetour.original, kHome);
        EXPECT_EQ(process.prdetour.slot, nullptr);
    }
    EXPECT_EQ(leave_clkdisp().message, &on_message) << "R16";
    detour_finished(CB_MESSAGE);
    register_message(process, on_message);
    block(PR_SLEEP);
    deliver(pid);
    EXPECT_EQ(*slot, kOther);
    make_ready(pid);
    resched();
    prepare_sleepms_return(slot);
    EXPECT_EQ(*slot, kOther);
    const ClaimedOnReturn claimed = arrive_in_cbfreturn(kHome);
    EXPECT_EQ(claimed.events.message, &on_message);
    EXPECT_EQ(claimed.vacation, &vacation);
    detour_finished(CB_MESSAGE);

    process.prhasmsg = FALSE;
    register_message(process, on_message);
    block(PR_SLEEP);
    deliver(pid);
    EXPECT_EQ(*slot, cbfreturn_address()) << "back to normal";
}

} // namespace
} // namespace detour
