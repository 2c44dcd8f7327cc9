// detour_test.cpp - which event is claimed when, and whose return address is rewritten; rules as in
// callbacks.md
#include "tests/host/fake_arch.hpp"

#include "kernel/clock.hpp"
#include "kernel/detour.hpp"
#include "kernel/interrupt_guard.hpp"
#include "kernel/message.hpp"
#include "kernel/process_table.hpp"
#include "kernel/scheduler.hpp"

#include <xinu/saved_stack.h>

#include <algorithm>
#include <random>

namespace detour
{
namespace
{

using fake::machine;

void on_alarm() {}
void on_message() {}
void vacation() {}

uint32_t address_of(const void *object)
{
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(object));
}
uint32_t cbfreturn_address()
{
    return address_of(reinterpret_cast<const void *>(&cbfreturn));
}

constexpr uint32_t kHome = 0x00345678; // where sleepms() is to return to
constexpr uint32_t kRoom = 256;        // R21
constexpr uint32_t kClaimedBytes = 16; // three callbacks and a return address
constexpr uint32_t kFrameBytes = 44;

class DetourTest : public fake::World
{
protected:
    static procent &self() { return process_entry(current()); }

    static uint32_t *words_below_base(const procent &process, uint32_t count)
    {
        return reinterpret_cast<uint32_t *>(process.prstkbase) - count;
    }

    // The end of a clock interrupt, its frame being in the middle of the stack.
    static Claimed leave_clkdisp()
    {
        const InterruptGuard guard;
        Claimed claimed{};
        const uint32_t any = detour_at_tick(words_below_base(self(), 200), &claimed);
        EXPECT_EQ(any != 0, claimed.alarm != nullptr || claimed.message != nullptr);
        return claimed;
    }

    static ClaimedOnReturn arrive_in_cbfreturn(uint32_t home = kHome)
    {
        const InterruptGuard guard;
        ClaimedOnReturn claimed{};
        EXPECT_EQ(detour_at_return(&claimed), home);
        return claimed;
    }

    static void deliver(ProcessId pid)
    {
        const InterruptGuard guard;
        process_entry(pid).prhasmsg = FALSE;
        EXPECT_FALSE(deliver_message(pid, 1));
    }

    // Makes the stack of a process that is switched out that of one in sleepms(). Returns the slot.
    static uint32_t *put_into_sleepms(procent &process)
    {
        uint32_t *const words = words_below_base(process, 40);
        uint32_t *const of_ctxsw = words + SAVED_LINK;
        uint32_t *const of_resched = words + 20;
        uint32_t *const of_sleepms = words + 30;
        of_ctxsw[FRAME_LINK] = address_of(of_resched);
        of_ctxsw[FRAME_RETURN] = address_of(resched_text) + 0x20;
        of_resched[FRAME_LINK] = address_of(of_sleepms);
        of_resched[FRAME_RETURN] = address_of(sleepms_text) + 0x30;
        of_sleepms[FRAME_LINK] = address_of(process.prstkbase);
        of_sleepms[FRAME_RETURN] = kHome;
        process.prstkptr = reinterpret_cast<char *>(words);
        process.prdetour.sleeping = &of_sleepms[FRAME_RETURN]; // as sleepms() notes it
        return process.prdetour.sleeping;
    }

    // A process asleep in sleepms() with a message callback outstanding.
    static ProcessId create_sleeper()
    {
        const ProcessId pid = create_current(30);
        EXPECT_TRUE(register_message(self(), on_message));
        block(PR_SLEEP);
        return pid;
    }

    static std::vector<uint32_t> stack_words(const procent &process)
    {
        const auto *const base = reinterpret_cast<const uint32_t *>(process.prstkbase);
        return {base + 1 - process.prstklen / 4, base};
    }
};

void expect_fields(const procent &process, uint16 alarm, uint16 message)
{
    EXPECT_EQ(process.pralarmreg, alarm);
    EXPECT_EQ(process.prmsgreg, message);
    EXPECT_EQ(process.pretype, alarm + 2 * message);
}

TEST_F(DetourTest, R2_FieldsForEveryOrderOfRegistration)
{
    create_current();
    procent &process = self();
    clkcountermsec = 100;
    EXPECT_TRUE(register_alarm(process, on_alarm, 50));
    expect_fields(process, 1, 0);
    EXPECT_EQ(process.pralarmtime, 150U);
    EXPECT_EQ(process.prcbf1, &on_alarm);
    EXPECT_TRUE(register_message(process, on_message));
    expect_fields(process, 1, 1);
    EXPECT_EQ(process.prcbf2, &on_message);

    create_current(21);
    EXPECT_TRUE(register_message(self(), on_message));
    expect_fields(self(), 0, 1);
    EXPECT_TRUE(register_alarm(self(), on_alarm, 0));
    expect_fields(self(), 1, 1);
}

TEST_F(DetourTest, R1_TheSameEventAgainChangesNothing)
{
    create_current();
    register_alarm(self(), on_alarm, 50);
    register_message(self(), on_message);
    EXPECT_FALSE(register_alarm(self(), vacation, 10));
    EXPECT_FALSE(register_message(self(), vacation));
    expect_fields(self(), 1, 1);
    EXPECT_EQ(self().pralarmtime, 50U);
    EXPECT_EQ(self().prcbf1, &on_alarm);
    EXPECT_EQ(self().prcbf2, &on_message);
}

TEST_F(DetourTest, R5_R6_AnAlarmIsDueAtItsTimeAlsoAcrossTheWrap)
{
    create_current();
    for (const uint32_t now : {0U, 0x7FFFFFF0U, 0xFFFFFFF0U, 0xFFFFFFFFU}) {
        for (const uint32_t msec : {0U, 1U, 16U, 5000U}) {
            clkcountermsec = now;
            register_alarm(self(), on_alarm, msec);
            if (msec > 0) {
                EXPECT_EQ(leave_clkdisp().alarm, nullptr);
                clkcountermsec = now + msec - 1;
                EXPECT_EQ(leave_clkdisp().alarm, nullptr);
            }
            clkcountermsec = now + msec + (msec == 16 ? 100 : 0); // the process may have slept longer
            EXPECT_EQ(leave_clkdisp().alarm, &on_alarm) << now << " + " << msec;
            EXPECT_EQ(leave_clkdisp().alarm, nullptr);
            detour_finished(CB_ALARM);
        }
    }
}

TEST_F(DetourTest, R10_R19_WhatIsDueIsTakenBackAtOnce)
{
    create_current();
    register_alarm(self(), on_alarm, 0);
    register_message(self(), on_message);
    EXPECT_EQ(leave_clkdisp().message, nullptr) << "no message yet";
    expect_fields(self(), 0, 1);
    detour_finished(CB_ALARM);
    register_alarm(self(), on_alarm, 0);
    deliver(current());
    const Claimed claimed = leave_clkdisp();
    EXPECT_EQ(claimed.alarm, &on_alarm);
    EXPECT_EQ(claimed.message, &on_message);
    expect_fields(self(), 0, 0);
    EXPECT_EQ(self().prdetour.running, CB_ALARM | CB_MESSAGE);
}

TEST_F(DetourTest, R11_ACallbackIsNotInterruptedByItsOwnKind)
{
    create_current();
    register_alarm(self(), on_alarm, 0);
    leave_clkdisp();
    register_alarm(self(), on_alarm, 0); // R3: from inside the callback
    register_message(self(), on_message);
    deliver(current());
    Claimed claimed = leave_clkdisp(); // the other kind does interrupt it
    EXPECT_EQ(claimed.alarm, nullptr);
    EXPECT_EQ(claimed.message, &on_message);
    EXPECT_TRUE(register_message(self(), on_message)); // its message is still there: due at once
    EXPECT_EQ(leave_clkdisp().message, nullptr);
    detour_finished(CB_MESSAGE);
    claimed = leave_clkdisp();
    EXPECT_EQ(claimed.alarm, nullptr);
    EXPECT_EQ(claimed.message, &on_message);
    detour_finished(CB_MESSAGE);
    detour_finished(CB_ALARM);
    EXPECT_EQ(leave_clkdisp().alarm, &on_alarm);
}

TEST_F(DetourTest, R12_OneEventForEachRegistration)
{
    create_current();
    deliver(current());
    EXPECT_EQ(leave_clkdisp().message, nullptr) << "nothing registered";
    register_message(self(), on_message); // the message that waits counts as arriving now
    self().prhasmsg = FALSE;              // fetched meanwhile: the event has occurred all the same
    EXPECT_EQ(leave_clkdisp().message, &on_message);
    detour_finished(CB_MESSAGE);
    register_message(self(), on_message);
    deliver(current());
    deliver(current());
    EXPECT_EQ(leave_clkdisp().message, &on_message);
    detour_finished(CB_MESSAGE);
    EXPECT_EQ(leave_clkdisp().message, nullptr);
}

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
        EXPECT_EQ(process.prdetour.home, kHome);
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
    deliver(pid); // the mailbox was emptied meanwhile
    EXPECT_EQ(process.prdetour.home, kHome);
    process.prdetour.arrived = 0; // as if it were a new event: what is planted stays
    deliver(pid);
    EXPECT_EQ(process.prdetour.home, kHome);
    EXPECT_EQ(*slot, cbfreturn_address());
    const InterruptGuard guard;
    make_ready(pid);
    resched();
    process.prdetour.vacation = vacation;
    prepare_sleepms_return(slot); // nor does sleepms() itself plant a second time
    EXPECT_EQ(process.prdetour.home, kHome);
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

// Course work rewrites stacks too. What it puts into the slot stays, and the event comes with the clock.
TEST_F(DetourTest, AReturnAddressRewrittenBySomebodyElseStays)
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
}

// The frames and 256 bytes more, to the byte; also if an overflow has reached the guard page.
TEST_F(DetourTest, R21_AFullStackEndsTheProcessAtATick)
{
    const ProcessId pid = create_current();
    register_alarm(self(), on_alarm, 0);
    const uint32_t lowest_frame = stack_low(self()) + kRoom + kClaimedBytes;
    const auto pointer = [](uint32_t address) {
        return reinterpret_cast<uint32_t *>(static_cast<uintptr_t>(address));
    };
    const InterruptGuard guard;
    Claimed claimed{};
    for (const uint32_t bad : {lowest_frame - 4, stack_low(self()), stack_low(self()) - 4,
                               stack_low(self()) - arch::kPageBytes + kClaimedBytes})
        EXPECT_THROW(detour_at_tick(pointer(bad), &claimed), fake::AbandonedStack);
    expect_fields(self(), 1, 0);
    EXPECT_EQ(detour_at_tick(pointer(lowest_frame), &claimed), 1U);

    detour_finished(CB_ALARM);
    register_alarm(self(), on_alarm, 0);
    void (*report)() = nullptr;
    try {
        detour_at_tick(pointer(lowest_frame - 4), &claimed);
    } catch (const fake::AbandonedStack &abandoned) {
        report = abandoned.next;
    }
    ASSERT_NE(report, nullptr);
    EXPECT_THROW(report(), fake::AbandonedStack); // and from there to the end of the process
    EXPECT_NE(machine.console.find("process " + std::to_string(pid) + " (test) ended"), std::string::npos);
}

TEST_F(DetourTest, R21_AStackOfTheProcesssOwnMakingIsItsOwnAffair)
{
    create_current();
    const InterruptGuard guard;
    Claimed claimed{};
    for (const uint32_t elsewhere :
         {address_of(self().prstkbase) + 20, stack_low(self()) - arch::kPageBytes}) {
        register_alarm(self(), on_alarm, 0);
        EXPECT_EQ(detour_at_tick(reinterpret_cast<void *>(static_cast<uintptr_t>(elsewhere)), &claimed), 1U);
        detour_finished(CB_ALARM);
    }
}

TEST_F(DetourTest, R21_AFullStackEndsTheProcessOnTheReturnOfSleepms)
{
    create_current();
    register_alarm(self(), on_alarm, 0);
    const uint32_t lowest = stack_low(self()) + kRoom + kClaimedBytes + kFrameBytes - 4;
    const auto slot = [](uint32_t address) {
        return reinterpret_cast<uint32_t *>(static_cast<uintptr_t>(address));
    };
    const InterruptGuard guard;
    EXPECT_THROW(prepare_sleepms_return(slot(lowest - 4)), fake::AbandonedStack);
    self().prdetour.slot = nullptr;
    prepare_sleepms_return(slot(lowest));
    EXPECT_EQ(*slot(lowest), cbfreturn_address());
}

// A long random life, against the rules in their shortest form: nothing is lost, nothing comes twice or too
// early, no kind inside itself.
TEST_F(DetourTest, ARandomLifeKeepsEveryRule)
{
    create_current();
    std::mt19937 random(5);
    struct {
        bool registered = false;
        bool occurred = false; // messages
        uint32_t due = 0;      // alarms
        bool running = false;
    } alarm, message;
    std::vector<std::vector<uint32_t>> detours; // the kinds that each still has to run
    size_t deepest = 0;
    int delivered = 0;
    int registrations = 0;
    clkcountermsec = 0xFFFFFF00;
    for (int step = 0; step < 200000; ++step) {
        switch (random() % 6) {
        case 0: {
            const uint32_t msec = random() % 4;
            ASSERT_EQ(register_alarm(self(), on_alarm, msec), !alarm.registered);
            if (!alarm.registered) {
                alarm.registered = true;
                alarm.due = clkcountermsec + msec;
                ++registrations;
            }
            break;
        }
        case 1:
            ASSERT_EQ(register_message(self(), on_message), !message.registered);
            if (!message.registered) {
                message.registered = true;
                message.occurred = self().prhasmsg != FALSE;
                ++registrations;
            }
            break;
        case 2:
            deliver(current());
            message.occurred |= message.registered;
            break;
        case 3:
            self().prhasmsg = FALSE;
            break;
        case 4: {
            clkcountermsec = clkcountermsec + 1;
            const bool alarm_now =
                alarm.registered && !alarm.running && clkcountermsec - alarm.due < 0x80000000;
            const bool message_now = message.registered && message.occurred && !message.running;
            const Claimed claimed = leave_clkdisp();
            ASSERT_EQ(claimed.alarm, alarm_now ? &on_alarm : nullptr);
            ASSERT_EQ(claimed.message, message_now ? &on_message : nullptr);
            std::vector<uint32_t> kinds; // the next is the last
            if (message_now) {
                message = {false, false, 0, true};
                kinds.push_back(CB_MESSAGE);
            }
            if (alarm_now) {
                alarm = {false, false, 0, true};
                kinds.push_back(CB_ALARM);
            }
            delivered += static_cast<int>(kinds.size());
            if (!kinds.empty())
                detours.push_back(kinds);
            deepest = std::max(deepest, detours.size());
            break;
        }
        default:
            if (detours.empty())
                break;
            detour_finished(detours.back().back());
            (detours.back().back() == CB_ALARM ? alarm.running : message.running) = false;
            detours.back().pop_back();
            if (detours.back().empty())
                detours.pop_back();
        }
        expect_fields(self(), alarm.registered ? 1 : 0, message.registered ? 1 : 0);
    }
    EXPECT_EQ(registrations, delivered + alarm.registered + message.registered);
    EXPECT_EQ(deepest, 2U) << "two levels, no more";
    EXPECT_GT(delivered, 20000);
}

} // namespace
} // namespace detour
