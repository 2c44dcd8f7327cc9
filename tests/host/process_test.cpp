// process_test.cpp - beginning and end of processes: nothing changes on failure, nothing is left behind at the end
#include "tests/host/fake_arch.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <string_view>

namespace detour
{
namespace
{

using fake::machine;

class ProcessTest : public fake::World
{
protected:
    static void end(ProcessId pid)
    {
        const InterruptGuard guard;
        end_process(pid);
        release_remains(false);
    }

    // A new life of the same entry: entries are reused in the order in which they became free.
    static ProcessId create_in(ProcessId entry)
    {
        ProcessId pid = create();
        while (pid != entry) {
            end(pid);
            pid = create();
        }
        return pid;
    }

    static NewProcess wanted(uint32_t stack_bytes, const uint32_t *arguments = nullptr, uint32_t nargs = 0)
    {
        return {stack_bytes, 20, "wanted", {}, nullptr, nullptr, arguments, nargs};
    }

    static void expect_initial_fields(const procent &process)
    {
        EXPECT_EQ(process.prsem, -1);
        EXPECT_EQ(process.prmsg, 0U);
        EXPECT_EQ(process.prhasmsg, FALSE);
        EXPECT_EQ(process.pretype, 0);
        EXPECT_EQ(process.pralarmreg, 0);
        EXPECT_EQ(process.pralarmtime, 0U);
        EXPECT_EQ(process.prcbf1, nullptr);
        EXPECT_EQ(process.prmsgreg, 0);
        EXPECT_EQ(process.prcbf2, nullptr);
        EXPECT_EQ(process.prdetour.running, 0);
        EXPECT_EQ(process.prdetour.arrived, 0);
        EXPECT_EQ(process.prdetour.vacation, nullptr);
        EXPECT_EQ(process.prdetour.slot, nullptr);
        EXPECT_EQ(process.prdetour.original, 0U);
    }
};

TEST_F(ProcessTest, BeginsSuspendedWithEveryFieldSet)
{
    const ProcessId parent = create_current(30);
    const ProcessId pid = begin_process({5000, 7, "a name of more than fifteen"});
    const procent &process = process_entry(pid);
    EXPECT_EQ(process.prstate, PR_SUSP);
    EXPECT_EQ(process.prprio, 7);
    EXPECT_EQ(std::string_view{process.prname}, "a name of more ");
    EXPECT_EQ(process.prparent, parent);
    EXPECT_EQ(process.prparentbirth, process_entry(parent).prbirth);
    EXPECT_EQ(process.prstklen, 5000U);
    EXPECT_EQ(*reinterpret_cast<uint32_t *>(process.prstkbase), STACKMAGIC);
    EXPECT_EQ(prcount, 3);
    expect_initial_fields(process);
}

// R4
TEST_F(ProcessTest, NothingOfAnEarlierLifeSurvives)
{
    const ProcessId pid = create();
    procent &process = process_entry(pid);
    const uint32_t birth = process.prbirth;
    create(); // so that the last but one to end is not the last process
    process.prmsg = 5;
    process.prhasmsg = TRUE;
    process.pretype = CB_ALARM | CB_MESSAGE;
    process.pralarmreg = process.prmsgreg = 1;
    process.pralarmtime = 77;
    process.prcbf1 = process.prcbf2 = [] {};
    auto *const word = reinterpret_cast<uint32 *>(process.prstkbase);
    process.prdetour = {CB_ALARM, 1, [] {}, word, word, 123};
    end(pid);
    ASSERT_EQ(create_in(pid), pid);
    expect_initial_fields(process);
    EXPECT_NE(process.prbirth, birth);
}

TEST_F(ProcessTest, AFullTableChangesNothing)
{
    for (int i = 1; i < NPROC; ++i)
        create();
    const uint32_t pages = page_allocator.free_pages();
    EXPECT_EQ(begin_process(wanted(1000)), kNoProcess);
    EXPECT_EQ(page_allocator.free_pages(), pages);
    EXPECT_EQ(prcount, NPROC);
    end(50);
    EXPECT_EQ(create(), 50);
}

TEST_F(ProcessTest, AStackOrArgumentsThatDoNotFitChangeNothing)
{
    const uint32_t pages = page_allocator.free_pages();
    const size_t mapped = machine.mapped.size();
    const std::vector<uint32_t> arguments(1024);
    for (const uint32_t bytes : {0xFFFFFFFFU, 0xFFFFF001U, 0x80000000U, 0x04000000U, fake::kMemoryBytes})
        EXPECT_EQ(begin_process(wanted(bytes)), kNoProcess) << bytes;
    for (const uint32_t nargs : {513U, 0x40000000U, 0xFFFFFFFFU})
        EXPECT_EQ(begin_process(wanted(4096, arguments.data(), nargs)), kNoProcess) << nargs;
    EXPECT_EQ(page_allocator.free_pages(), pages);
    EXPECT_EQ(machine.mapped.size(), mapped);
    EXPECT_EQ(prcount, 1);
    EXPECT_NE(begin_process(wanted(4096, arguments.data(), 512)), kNoProcess);
    for (int i = 2; i < NPROC; ++i)
        EXPECT_NE(create(), kNoProcess) << "an entry was lost";
}

TEST_F(ProcessTest, TheEndGivesAllMemoryBack)
{
    create();
    const uint32_t pages = page_allocator.free_pages();
    const size_t mapped = machine.mapped.size();
    const ProcessId pid = create(20, 30000);
    for (const uint32_t bytes : {8U, 100U, 1024U, 5000U, 100000U})
        EXPECT_NE(heap.getmem(bytes, pid), 0U);
    uint32_t stack_bytes = 9000;
    EXPECT_NE(allocate_stack(stack_bytes, pid), nullptr);
    EXPECT_EQ(machine.mapped.size(), mapped + 8 + 3);
    end(pid);
    EXPECT_EQ(page_allocator.free_pages(), pages);
    EXPECT_EQ(machine.mapped.size(), mapped);
    EXPECT_EQ(find_process(pid), nullptr);
    EXPECT_EQ(prcount, 2);
}

TEST_F(ProcessTest, TheEndOfAProcessThatWaitsLeavesItsQueue)
{
    create(); // stays
    const sid32 sem = allocate_semaphore();
    for (const uint16 state : {PR_READY, PR_RECV, PR_SLEEP, PR_SUSP, PR_WAIT, PR_RECTIM}) {
        const ProcessId pid = create_current();
        if (state == PR_READY) {
            create_current(21);
        } else if (state == PR_WAIT) {
            const InterruptGuard guard;
            EXPECT_FALSE(take_or_wait(sem));
            resched();
        } else {
            if (state != PR_RECV && state != PR_SUSP)
                wake_after(pid, 100);
            block(state);
        }
        ASSERT_EQ(process_entry(pid).prstate, state);
        end(pid);
        EXPECT_TRUE(sleep_queue.empty());
        EXPECT_FALSE(ready_queue.contains(pid));
        EXPECT_EQ(semtab[sem].scount, 0);
        if (currpid != kNullProcess)
            end_current();
    }
    const InterruptGuard guard;
    EXPECT_FALSE(signal_one(sem)) << "nobody waits any more";
}

TEST_F(ProcessTest, TheEndTakesAProcessOutOfTheQueueThatItIsReallyIn)
{
    create(); // stays
    const sid32 sem = allocate_semaphore();
    for (const uint16 really : {PR_READY, PR_SLEEP, PR_WAIT, PR_SUSP}) {
        for (uint16 written = PR_CURR; written <= PR_RECTIM + 1; ++written) {
            const ProcessId pid = create_current();
            const InterruptGuard guard;
            if (really == PR_WAIT) {
                EXPECT_FALSE(take_or_wait(sem));
            } else if (really == PR_READY) {
                make_ready(pid);
            } else {
                block_current(PR_SUSP);
                if (really == PR_SLEEP)
                    wake_after(pid, 100);
            }
            create_current(21);
            process_entry(pid).prstate = written;
            process_entry(pid).prprio = -5;
            end(pid);
            EXPECT_EQ(semtab[sem].scount, 0);
            EXPECT_TRUE(sleep_queue.empty());
            EXPECT_FALSE(ready_queue.contains(pid));
            end_current();
        }
    }
}

TEST_F(ProcessTest, WhoIsItsOwnParentEndsLikeAnyOther)
{
    create();
    const ProcessId pid = create_current();
    process_entry(pid).prparent = pid;
    process_entry(pid).prparentbirth = process_entry(pid).prbirth;
    process_entry(pid).prstate = PR_RECV;
    end_current();
    EXPECT_EQ(find_process(pid), nullptr);
}

TEST_F(ProcessTest, TheParentIsTold)
{
    const ProcessId parent = create_current(30);
    const ProcessId first = create();
    const ProcessId second = create();
    end(first);
    EXPECT_EQ(process_entry(parent).prhasmsg, TRUE);
    EXPECT_EQ(process_entry(parent).prmsg, first);
    end(second); // the mailbox is full: this message is lost
    EXPECT_EQ(process_entry(parent).prmsg, first);
}

TEST_F(ProcessTest, AParentBlockedInReceiveBecomesReady)
{
    const ProcessId parent = create_current(30);
    const ProcessId child = create_ready();
    block(PR_RECV);
    ASSERT_EQ(currpid, child);
    end_current();
    EXPECT_EQ(currpid, parent);
    EXPECT_EQ(process_entry(parent).prmsg, child);
}

TEST_F(ProcessTest, ANewProcessInTheParentsEntryIsNotTold)
{
    const ProcessId parent = create_current(30);
    const ProcessId child = create();
    end_current();
    ASSERT_EQ(create_in(parent), parent);
    EXPECT_EQ(process_entry(child).prparent, parent);
    end(child);
    EXPECT_EQ(process_entry(parent).prhasmsg, FALSE);
}

TEST_F(ProcessTest, TheCurrentProcessEndsOnTheExitStack)
{
    const ProcessId other = create_ready(10);
    const uint32_t pages = page_allocator.free_pages();
    const ProcessId pid = create_current(20);
    end_current();
    EXPECT_EQ(currpid, other);
    EXPECT_EQ(process_entry(pid).prstate, PR_FREE);
    EXPECT_EQ(page_allocator.free_pages(), pages);
    EXPECT_EQ(machine.switches.back(), (fake::Switch{pid, other}));
}

TEST_F(ProcessTest, UntilItIsOnTheExitStackTheCurrentProcessIsWhole)
{
    const ProcessId pid = create_current();
    EXPECT_THROW(end_current_process(), fake::AbandonedStack);
    EXPECT_TRUE(arch::interrupts_masked());
    EXPECT_EQ(process_entry(pid).prstate, PR_CURR);
    EXPECT_EQ(prcount, 2);
    EXPECT_PANIC(end_process(pid), "pid != current_id()");
}

TEST_F(ProcessTest, TheLastEndPowersOff)
{
    const ProcessId pid = create();
    const InterruptGuard guard;
    try {
        end_process(pid);
        FAIL() << "goes on without a process";
    } catch (const fake::PowerOff &off) {
        EXPECT_EQ(off.ending, arch::Ending::kCompleted);
    }
    EXPECT_NE(machine.console.find("All user processes have completed."), std::string::npos);
}

} // namespace
} // namespace detour
