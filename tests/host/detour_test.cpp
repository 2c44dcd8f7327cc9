// detour_test.cpp - which event is claimed when; rules as in callbacks.md
#include "tests/host/detour_fixture.hpp"

#include <algorithm>
#include <random>

namespace detour
{
namespace
{

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

// A long random life, against the rules in their shortest form: nothing is lost, nothing comes twice or too early, no
// kind inside itself.
class RandomLifeTest : public DetourTest
{
protected:
    struct Event {
        bool registered = false;
        bool occurred = false; // a message
        uint32_t due = 0;      // an alarm
        bool running = false;
    };

    void register_an_alarm(uint32_t msec)
    {
        ASSERT_EQ(register_alarm(self(), on_alarm, msec), !alarm.registered);
        if (alarm.registered)
            return;
        alarm.registered = true;
        alarm.due = clkcountermsec + msec;
        ++registrations;
    }
    void register_a_message()
    {
        ASSERT_EQ(register_message(self(), on_message), !message.registered);
        if (message.registered)
            return;
        message.registered = true;
        message.occurred = self().prhasmsg != FALSE;
        ++registrations;
    }
    void receive_a_message()
    {
        deliver(current());
        message.occurred |= message.registered;
    }
    void tick()
    {
        clkcountermsec = clkcountermsec + 1;
        const bool alarm_now = alarm.registered && !alarm.running && clkcountermsec - alarm.due < 0x80000000;
        const bool message_now = message.registered && message.occurred && !message.running;
        const Claimed claimed = leave_clkdisp();
        ASSERT_EQ(claimed.alarm, alarm_now ? &on_alarm : nullptr);
        ASSERT_EQ(claimed.message, message_now ? &on_message : nullptr);
        std::vector<uint32_t> kinds; // the next is the last
        if (message_now) {
            message = {.running = true};
            kinds.push_back(CB_MESSAGE);
        }
        if (alarm_now) {
            alarm = {.running = true};
            kinds.push_back(CB_ALARM);
        }
        delivered += static_cast<int>(kinds.size());
        if (!kinds.empty())
            detours.push_back(kinds);
        deepest = std::max(deepest, detours.size());
    }
    void finish_a_callback()
    {
        if (detours.empty())
            return;
        detour_finished(detours.back().back());
        (detours.back().back() == CB_ALARM ? alarm.running : message.running) = false;
        detours.back().pop_back();
        if (detours.back().empty())
            detours.pop_back();
    }

    Event alarm, message;
    std::vector<std::vector<uint32_t>> detours; // the kinds that each still has to run
    size_t deepest = 0;
    int delivered = 0;
    int registrations = 0;
};

TEST_F(RandomLifeTest, KeepsEveryRule)
{
    create_current();
    std::mt19937 random(5);
    clkcountermsec = 0xFFFFFF00;
    for (int step = 0; step < 200000 && !HasFatalFailure(); ++step) {
        switch (random() % 6) {
        case 0:
            register_an_alarm(random() % 4);
            break;
        case 1:
            register_a_message();
            break;
        case 2:
            receive_a_message();
            break;
        case 3:
            self().prhasmsg = FALSE;
            break;
        case 4:
            tick();
            break;
        default:
            finish_a_callback();
        }
        expect_fields(self(), alarm.registered ? 1 : 0, message.registered ? 1 : 0);
    }
    EXPECT_EQ(registrations, delivered + alarm.registered + message.registered);
    EXPECT_EQ(deepest, 2U) << "two levels, no more";
    EXPECT_GT(delivered, 20000);
}

} // namespace
} // namespace detour
