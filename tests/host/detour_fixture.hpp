// detour_fixture.hpp - a process whose stack and clock the tests of kernel/detour/detour.cpp make up
#pragma once

#include "tests/host/fake_arch.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/detour/detour.hpp"
#include "kernel/process/message.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu/saved_stack.h>
#include <xinu/stackroom.h>

#include <vector>

namespace detour
{

inline void on_alarm() {}
inline void on_message() {}
inline void vacation() {}

inline uint32_t cbfreturn_address()
{
    return address_of(&cbfreturn);
}

constexpr uint32_t kHome = 0x00345678;          // the original return address of sleepms()
constexpr uint32_t kRoom = CALLBACK_STACK_ROOM; // R21
constexpr uint32_t kClaimedBytes = 16;          // three callbacks and a return address
constexpr uint32_t kFrameBytes = 44;

class DetourTest : public fake::World
{
protected:
    static procent &self() { return process_entry(current()); }

    static uint32_t *words_below_base(const procent &process, uint32_t count)
    {
        return reinterpret_cast<uint32_t *>(process.prstkbase) - count;
    }

    static const arch::InterruptFrame *frame_at(uint32_t address)
    {
        return reinterpret_cast<const arch::InterruptFrame *>(static_cast<uintptr_t>(address));
    }

    // The end of a clock interrupt, with its frame in the middle of the stack.
    static Claimed leave_clkdisp()
    {
        const InterruptGuard guard;
        Claimed claimed{};
        const bool any = detour_at_tick(frame_at(address_of(words_below_base(self(), 200))), &claimed);
        EXPECT_EQ(any, claimed.alarm != nullptr || claimed.message != nullptr);
        return claimed;
    }

    static ClaimedOnReturn arrive_in_cbfreturn(uint32_t home = kHome)
    {
        const InterruptGuard guard;
        ReturnOfSleepms frame{};
        detour_at_return(&frame);
        EXPECT_EQ(frame.eip, home);
        return frame.claimed;
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

inline void expect_fields(const procent &process, uint16 alarm, uint16 message)
{
    EXPECT_EQ(process.pralarmreg, alarm);
    EXPECT_EQ(process.prmsgreg, message);
    EXPECT_EQ(process.pretype, alarm + 2 * message);
}

} // namespace detour
