// user_detour_test.cpp - detours of ring-3 processes step by step, by the rules of docs/callbacks.md (R24)
#include "tests/host/fake_user_world.hpp"

#include "kernel/detour/detour.hpp"
#include "kernel/process/message.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/user/detour.hpp"

namespace detour
{
namespace
{

using namespace fake::sample;
using arch::UserFrame;

constexpr uint32_t kAlarm = kText + 0x100, kMessage = kText + 0x200, kVacation = kText + 0x300;
constexpr uint32_t kStackPointer = USER_STACK_END - 0x1002; // neither aligned nor inside one page
constexpr uint32_t kRecordBytes = 14 * sizeof(uint32_t);

UserFrame interrupted(uint32_t stack_pointer = kStackPointer)
{
    UserFrame frame;
    for (uint32_t i = 0; i < frame.context.size(); ++i)
        frame.context[i] = 0xA0000000 + i;
    frame.context[fake::kEsp] = stack_pointer;
    frame.stack_pointer = stack_pointer;
    return frame;
}

class UserDetourTest : public fake::UserWorld
{
protected:
    void SetUp() override
    {
        UserWorld::SetUp();
        if (!IsSkipped() && !HasFatalFailure())
            enter();
    }

    static procent &self() { return process_entry(current()); }
    static uint16 running() { return self().prdetour.running; }

    static void make_alarm_due() { EXPECT_TRUE(register_alarm(self(), fake::function_at(kAlarm), 0)); }
    static void make_message_due()
    {
        EXPECT_TRUE(register_message(self(), fake::function_at(kMessage)));
        const InterruptGuard guard;
        self().prhasmsg = FALSE;
        deliver_message(current(), 1);
    }
    static void take_vacation() { self().prdetour.vacation = fake::function_at(kVacation); }

    static void tick(UserFrame &frame)
    {
        const InterruptGuard guard;
        user_detour_at_tick(frame);
    }
    static uint32_t return_from_call(UserFrame &frame, uint32_t result, bool vacation = false)
    {
        const InterruptGuard guard;
        return user_detour_at_return(frame, result, vacation);
    }

    // cbfmanager's call, with ESP at the record and everything else as the callback left it.
    static uint32_t cbnext(UserFrame &frame)
    {
        frame.context.fill(0xCCCCCCCC);
        const InterruptGuard guard;
        return next_user_callback(frame);
    }

    // The process resumes in cbfmanager, which finds this callback in EAX and the record at ESP.
    static void expect_detour(const UserFrame &frame, uint32_t callback, uint32_t from = kStackPointer)
    {
        EXPECT_EQ(frame.context[fake::kEip], uint32_t{USER_CBFMANAGER});
        EXPECT_EQ(frame.context[fake::kEax], callback);
        EXPECT_EQ(frame.context[fake::kEflags], 0U);
        EXPECT_EQ(frame.stack_pointer, from - kRecordBytes);
    }

    static std::array<uint32_t, 3> claimed() { return read<DetourRecord>(kStackPointer - kRecordBytes).claimed; }

    // The rest of a detour with nothing else in it.
    static void finish(UserFrame &frame, const UserFrame &as)
    {
        EXPECT_EQ(cbnext(frame), as.context[fake::kEax]);
        EXPECT_EQ(frame, as);
    }
};

TEST_F(UserDetourTest, NothingDueChangesNothing)
{
    register_alarm(self(), fake::function_at(kAlarm), 1);
    register_message(self(), fake::function_at(kMessage));
    take_vacation(); // not on a return of sleepms()
    UserFrame frame = interrupted();
    tick(frame);
    EXPECT_EQ(frame, interrupted());
    EXPECT_EQ(return_from_call(frame, 5), 5U);
    UserFrame expected = interrupted();
    expected.context[fake::kEax] = 5;
    EXPECT_EQ(frame, expected);
    EXPECT_EQ(running(), 0);
}

TEST_F(UserDetourTest, ATickClaimsAndRecords)
{
    make_alarm_due();
    UserFrame frame = interrupted();
    tick(frame);
    expect_detour(frame, kAlarm);
    EXPECT_EQ(claimed(), (std::array<uint32_t, 3>{kAlarm, 0, 0}));
    EXPECT_EQ(read<DetourRecord>(frame.stack_pointer).context, interrupted().context);
    EXPECT_EQ(self().pretype, 0); // R10
    EXPECT_EQ(running(), CB_ALARM);
    finish(frame, interrupted());
    EXPECT_EQ(running(), 0);
}

TEST_F(UserDetourTest, WritesOnlyItsRecord)
{
    make_alarm_due();
    for (uint32_t at = kStackPointer - 400; at < kStackPointer + 400; ++at)
        byte_of(current(), at) = 'x';
    UserFrame frame = interrupted();
    tick(frame);
    for (uint32_t at = kStackPointer - 400; at < kStackPointer + 400; ++at) {
        const bool in_record = at - frame.stack_pointer < kRecordBytes;
        ASSERT_TRUE(in_record || byte_of(current(), at) == 'x') << kStackPointer - at;
    }
}

// R19: alarm, message, vacation. A kind counts as running until its own callback returns.
TEST_F(UserDetourTest, AllOfThemInOneDetourAndInOrder)
{
    make_alarm_due();
    make_message_due();
    take_vacation();
    UserFrame frame = interrupted();
    EXPECT_EQ(return_from_call(frame, 77, true), kAlarm);
    expect_detour(frame, kAlarm);
    EXPECT_EQ(claimed(), (std::array<uint32_t, 3>{kAlarm, kMessage, kVacation}));
    EXPECT_EQ(self().pretype, 0);
    EXPECT_EQ(self().prdetour.vacation, nullptr);
    EXPECT_EQ(running(), CB_ALARM | CB_MESSAGE);
    const uint32_t place = frame.stack_pointer;

    EXPECT_EQ(cbnext(frame), kMessage);
    expect_detour(frame, kMessage); // with all flags clear again (R9)
    EXPECT_EQ(claimed(), (std::array<uint32_t, 3>{0, kMessage, kVacation}));
    EXPECT_EQ(running(), CB_MESSAGE);
    EXPECT_EQ(cbnext(frame), kVacation);
    expect_detour(frame, kVacation);
    EXPECT_EQ(claimed(), (std::array<uint32_t, 3>{0, 0, kVacation}));
    EXPECT_EQ(running(), 0);
    EXPECT_EQ(frame.stack_pointer, place);

    UserFrame expected = interrupted();
    expected.context[fake::kEax] = 77; // R17: the result of sleepms()
    finish(frame, expected);
}

TEST_F(UserDetourTest, MessageAndVacationAlone)
{
    make_message_due();
    UserFrame frame = interrupted();
    tick(frame);
    expect_detour(frame, kMessage);
    finish(frame, interrupted());

    take_vacation();
    EXPECT_EQ(return_from_call(frame, interrupted().context[fake::kEax], true), kVacation);
    expect_detour(frame, kVacation);
    EXPECT_EQ(running(), 0);
    finish(frame, interrupted());
    EXPECT_EQ(return_from_call(frame, 1, true), 1U) << "it served once";
}

TEST_F(UserDetourTest, AVacationWaitsForAReturnOfSleepms)
{
    take_vacation();
    make_alarm_due();
    UserFrame frame = interrupted();
    EXPECT_EQ(return_from_call(frame, 3, false), kAlarm);
    EXPECT_EQ(claimed(), (std::array<uint32_t, 3>{kAlarm, 0, 0}));
    UserFrame expected = interrupted();
    expected.context[fake::kEax] = 3;
    finish(frame, expected);
    EXPECT_EQ(return_from_call(frame, 3, true), kVacation);
}

// R11: also while the callback has not begun, or sleeps.
TEST_F(UserDetourTest, ACallbackIsInterruptedOnlyByTheOtherKind)
{
    make_alarm_due();
    UserFrame frame = interrupted();
    tick(frame);
    make_alarm_due(); // R3: registered again in the callback
    UserFrame inside = interrupted(kStackPointer - 500);
    tick(inside);
    EXPECT_EQ(inside, interrupted(kStackPointer - 500));
    EXPECT_EQ(return_from_call(inside, 1, true), 1U);
    make_message_due();
    inside = interrupted(kStackPointer - 500);
    tick(inside);
    expect_detour(inside, kMessage, kStackPointer - 500);
    EXPECT_EQ(running(), CB_ALARM | CB_MESSAGE);
    finish(inside, interrupted(kStackPointer - 500));
    EXPECT_EQ(running(), CB_ALARM);
    finish(frame, interrupted());
    tick(frame);
    expect_detour(frame, kAlarm);
}

// R19: what falls due during a detour waits for the next, even if its kind is no longer running.
TEST_F(UserDetourTest, WhatFallsDueDuringADetourWaits)
{
    make_alarm_due();
    make_message_due();
    UserFrame frame = interrupted();
    tick(frame);
    EXPECT_EQ(cbnext(frame), kMessage);
    make_alarm_due();
    finish(frame, interrupted());
    EXPECT_EQ(self().pralarmreg, 1);
    tick(frame);
    expect_detour(frame, kAlarm);
}

// Nothing is planted on its kernel stack: its detour begins on the way out of the kernel.
TEST_F(UserDetourTest, R15_AMessageForASleeperWaitsForItsReturn)
{
    const ProcessId pid = current();
    register_message(self(), fake::function_at(kMessage));
    block(PR_SLEEP);
    {
        const InterruptGuard guard;
        EXPECT_FALSE(deliver_message(pid, 9));
        EXPECT_EQ(process_entry(pid).prdetour.slot, nullptr);
        EXPECT_EQ(process_entry(pid).prmsgreg, 1);
    }
    run(pid);
    ASSERT_EQ(current(), pid);
    Claimed none{};
    EXPECT_EQ(detour_at_tick(nullptr, &none), 0U) << "a tick inside its system call";
    UserFrame frame = interrupted();
    EXPECT_EQ(return_from_call(frame, 1, true), kMessage);
}

} // namespace
} // namespace detour
