// floating_point_test.cpp - which process's registers the floating-point unit holds, and where the others are
#include "tests/host/detour_fixture.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/sched/floating_point.hpp"
#include "kernel/user/space.hpp"

namespace detour
{
namespace
{

using fake::machine;

class FloatingPoint : public DetourTest
{
protected:
    // A floating-point instruction of the current context: sets the registers, or returns what it finds there.
    static uint32_t &number()
    {
        const InterruptGuard guard;
        if (machine.floating_point.forbidden) {
            EXPECT_TRUE(open_float());
            EXPECT_FALSE(machine.floating_point.forbidden);
        }
        return machine.floating_point.registers.words[10];
    }

    static void expect_closed()
    {
        EXPECT_TRUE(machine.floating_point.forbidden);
        EXPECT_EQ(loaded_directory, user_registers[current()].directory);
    }

    static void expect_clean()
    {
        number();
        EXPECT_EQ(machine.floating_point.registers.words, arch::initial_float_registers.words);
    }

    // A clock interrupt at which the alarm, or the message, is due.
    static void begin_alarm()
    {
        register_alarm(self(), on_alarm, 0);
        EXPECT_EQ(leave_clkdisp().alarm, &on_alarm);
    }
    static void begin_message()
    {
        register_message(self(), on_message);
        deliver(current());
        EXPECT_EQ(leave_clkdisp().message, &on_message);
    }
    static void finish(uint16 kind)
    {
        const InterruptGuard guard;
        detour_finished(kind);
    }
};

TEST_F(FloatingPoint, ASwitchClosesTheUnitAndNobodyElsesNumbersAreSeen)
{
    const ProcessId first = create_current(20);
    expect_closed();
    number() = 1;
    EXPECT_EQ(self().prfloat, 1);
    const ProcessId second = create_current(21);
    expect_closed();
    expect_clean();
    number() = 2;
    block(PR_SUSP);
    EXPECT_EQ(current(), first);
    expect_closed();
    EXPECT_EQ(number(), 1U);
    {
        const InterruptGuard guard;
        make_ready(second);
        resched();
    }
    EXPECT_EQ(number(), 2U);
}

TEST_F(FloatingPoint, WhoComesBackToItsOwnNumbersFindsThemInTheUnit)
{
    create_current(20);
    number() = 1;
    create_current(21); // uses none
    EXPECT_EQ(self().prfloat, 0);
    end_current();
    const uint32_t exchanges = machine.floating_point.exchanges;
    EXPECT_EQ(number(), 1U);
    EXPECT_EQ(machine.floating_point.exchanges, exchanges);
}

TEST_F(FloatingPoint, ANewProcessFindsNothingOfAnEarlierOne)
{
    create_current(20);
    number() = 3; // takes the memory for this process's numbers
    const uint32_t pages = page_allocator.free_pages();
    for (int round = 0; round < 2 * NPROC; ++round) {
        create_current(30);
        expect_clean();
        number() = 7;
        end_current();
        release_remains(false);
        EXPECT_EQ(page_allocator.free_pages(), pages);
        if (round % 3 == 0)
            number() = 3;
    }
    EXPECT_EQ(number(), 3U);
}

TEST_F(FloatingPoint, AProcessThatIsEndedByAnotherLeavesNothing)
{
    create_current(20);
    const ProcessId victim = create_current(30);
    number() = 7;
    block(PR_SUSP);
    {
        const InterruptGuard guard;
        end_process(victim);
    }
    expect_clean(); // nothing is saved where memory is given back
    number() = 8;
    create_current(31);
    expect_clean();
}

TEST_F(FloatingPoint, ACallbackBeginsCleanAndLeavesNoTrace)
{
    create_current();
    number() = 1;
    for (int round = 0; round < 3; ++round) {
        begin_alarm();
        expect_closed();
        expect_clean();
        number() = 100;
        finish(CB_ALARM);
        expect_closed();
        EXPECT_EQ(number(), 1U);
    }
}

TEST_F(FloatingPoint, ACallbackInACallback)
{
    create_current();
    number() = 1;
    begin_alarm();
    number() = 2;
    begin_message();
    expect_clean();
    number() = 3;
    finish(CB_MESSAGE);
    EXPECT_EQ(number(), 2U);
    begin_message(); // uses none
    finish(CB_MESSAGE);
    EXPECT_EQ(number(), 2U);
    finish(CB_ALARM);
    EXPECT_EQ(number(), 1U);
}

// One detour with both: the second callback is no part of the first.
TEST_F(FloatingPoint, TwoCallbacksInOneDetour)
{
    create_current();
    number() = 1;
    register_alarm(self(), on_alarm, 0);
    register_message(self(), on_message);
    deliver(current());
    leave_clkdisp();
    expect_clean();
    number() = 2;
    finish(CB_ALARM);
    expect_clean();
    number() = 3;
    begin_alarm();
    expect_clean();
    finish(CB_ALARM);
    EXPECT_EQ(number(), 3U);
    finish(CB_MESSAGE);
    EXPECT_EQ(number(), 1U);
}

// It has been switched out since its last floating-point instruction: the unit is closed when it returns.
TEST_F(FloatingPoint, ACallbackThatEndsWithTheUnitElsewhere)
{
    const ProcessId first = create_current(20);
    begin_alarm();
    number() = 2;
    create_current(21);
    number() = 9;
    block(PR_SUSP);
    EXPECT_EQ(current(), first);
    finish(CB_ALARM);
    expect_clean();
    number() = 1;
    begin_alarm();
    expect_clean();
    finish(CB_ALARM);
    EXPECT_EQ(number(), 1U);
}

TEST_F(FloatingPoint, WithoutMemoryNothingIsOpened)
{
    create_current();
    while (page_allocator.allocate(1, FrameKind::kHeapRun, current()) != 0) {
    }
    const InterruptGuard guard;
    EXPECT_FALSE(open_float());
    expect_closed();
    EXPECT_EQ(self().prfloat, 0);
}

} // namespace
} // namespace detour
