// detour_room_test.cpp - R21 of callbacks.md: a detour does not begin on a stack that is too full for it
#include "tests/host/detour_fixture.hpp"

namespace detour
{
namespace
{

using fake::machine;

// The frames and the room of R21, to the byte; also if an overflow reached the guard page.
TEST_F(DetourTest, R21_AFullStackEndsTheProcessAtATick)
{
    const ProcessId pid = create_current();
    register_alarm(self(), on_alarm, 0);
    const uint32_t lowest_frame = stack_low(self()) + kRoom + kClaimedBytes;
    const InterruptGuard guard;
    Claimed claimed{};
    for (const uint32_t bad :
         {lowest_frame - 4, stack_low(self()), stack_low(self()) - 4, stack_low(self()) - kPageBytes + kClaimedBytes})
        EXPECT_THROW(detour_at_tick(frame_at(bad), &claimed), fake::AbandonedStack);
    expect_fields(self(), 1, 0);
    EXPECT_TRUE(detour_at_tick(frame_at(lowest_frame), &claimed));

    detour_finished(CB_ALARM);
    register_alarm(self(), on_alarm, 0);
    void (*report)() = nullptr;
    try {
        detour_at_tick(frame_at(lowest_frame - 4), &claimed);
    } catch (const fake::AbandonedStack &abandoned) {
        report = abandoned.next;
    }
    ASSERT_NE(report, nullptr);
    EXPECT_THROW(report(), fake::AbandonedStack); // and from there to the end of the process
    EXPECT_NE(machine.console.find("process " + std::to_string(pid) + " (test) ended"), std::string::npos);
}

TEST_F(DetourTest, R21_AStackThatTheProcessAllocatedIsNotChecked)
{
    create_current();
    const InterruptGuard guard;
    Claimed claimed{};
    for (const uint32_t elsewhere : {address_of(self().prstkbase) + 20, stack_low(self()) - kPageBytes}) {
        register_alarm(self(), on_alarm, 0);
        EXPECT_TRUE(detour_at_tick(frame_at(elsewhere), &claimed));
        detour_finished(CB_ALARM);
    }
}

TEST_F(DetourTest, R21_AFullStackEndsTheProcessOnTheReturnOfSleepms)
{
    create_current();
    register_alarm(self(), on_alarm, 0);
    const uint32_t lowest = stack_low(self()) + kRoom + kClaimedBytes + kFrameBytes - 4;
    const auto slot = [](uint32_t address) { return reinterpret_cast<uint32_t *>(static_cast<uintptr_t>(address)); };
    const InterruptGuard guard;
    EXPECT_THROW(prepare_sleepms_return(slot(lowest - 4)), fake::AbandonedStack);
    self().prdetour.slot = nullptr;
    prepare_sleepms_return(slot(lowest));
    EXPECT_EQ(*slot(lowest), cbfreturn_address());
}

} // namespace
} // namespace detour
