// semaphore_test.cpp - ids and counts; that no process is lost is checked against a simple model
#include "tests/host/fake_arch.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <algorithm>
#include <deque>
#include <random>

namespace detour
{
namespace
{

class SemaphoreTest : public fake::World
{
protected:
    // The current process waits, and the next one runs. Whether it has to wait.
    static bool wait_on(sid32 sem)
    {
        const InterruptGuard guard;
        if (take_or_wait(sem))
            return false;
        resched();
        return true;
    }
};

TEST_F(SemaphoreTest, GivesEachIdOnceAndThenTheOneFreeLongest)
{
    for (sid32 sem = SYSTEM_SEMAPHORES; sem < NSEM; ++sem)
        EXPECT_EQ(allocate_semaphore(), sem);
    EXPECT_EQ(allocate_semaphore(), -1);
    std::deque<sid32> free;
    std::mt19937 random(1);
    for (int round = 0; round < 10 * NSEM; ++round) { // several times around the ring of the free ones
        const sid32 sem = SYSTEM_SEMAPHORES + static_cast<sid32>(random() % (NSEM - SYSTEM_SEMAPHORES));
        if (std::find(free.begin(), free.end(), sem) == free.end()) {
            free_semaphore(sem);
            free.push_back(sem);
        } else {
            EXPECT_EQ(allocate_semaphore(), free.front());
            free.pop_front();
        }
    }
}

TEST_F(SemaphoreTest, FindsOnlyThoseInUseAndNeverTheKernels)
{
    const sid32 sem = allocate_semaphore();
    EXPECT_EQ(find_semaphore(sem), nullptr) << "not in use before it is marked so";
    semtab[sem].sstate = S_USED;
    EXPECT_EQ(find_semaphore(sem), &semtab[sem]);
    semtab[kConsoleInput].sstate = S_USED;
    for (const sid32 wrong : {-1, NSEM, kConsoleInput, 0x7FFFFFFF, -0x7FFFFFFF - 1})
        EXPECT_EQ(find_semaphore(wrong), nullptr);
    free_semaphore(sem);
    EXPECT_EQ(find_semaphore(sem), nullptr);
}

TEST_F(SemaphoreTest, CountsAndWakesInOrder)
{
    const sid32 sem = allocate_semaphore();
    semtab[sem].scount = 1;
    const ProcessId a = create_current(10);
    EXPECT_FALSE(wait_on(sem));
    EXPECT_TRUE(wait_on(sem));
    EXPECT_EQ(process_entry(a).prstate, PR_WAIT);
    EXPECT_EQ(process_entry(a).prsem, sem);
    const ProcessId b = create_current(20);
    EXPECT_TRUE(wait_on(sem));
    EXPECT_EQ(semtab[sem].scount, -2);

    const InterruptGuard guard;
    EXPECT_TRUE(signal_one(sem)); // the one that waits longest, whatever its priority
    EXPECT_EQ(process_entry(a).prstate, PR_READY);
    EXPECT_EQ(process_entry(b).prstate, PR_WAIT);
    EXPECT_TRUE(signal_one(sem));
    EXPECT_FALSE(signal_one(sem));
    EXPECT_EQ(semtab[sem].scount, 1);
}

TEST_F(SemaphoreTest, ReleasesAllAndLetsOneGiveUp)
{
    const sid32 sem = allocate_semaphore();
    semtab[sem].scount = 0;
    std::vector<ProcessId> waiting;
    for (int i = 0; i < 4; ++i) {
        waiting.push_back(create_current());
        wait_on(sem);
    }
    const InterruptGuard guard;
    stop_waiting(waiting[1]);
    EXPECT_EQ(semtab[sem].scount, -3);
    EXPECT_FALSE(is_linked(process_links, waiting[1]));
    EXPECT_TRUE(release_waiting(sem, NPROC, false));
    EXPECT_FALSE(release_waiting(sem, NPROC, false));
    std::vector<ProcessId> ready;
    ready_queue.for_each(process_links, [&](ProcessId pid, uint32_t) { ready.push_back(pid); });
    EXPECT_EQ(ready, (std::vector<ProcessId>{waiting[0], waiting[2], waiting[3]}));
}

TEST_F(SemaphoreTest, ANegativeCountIsTheNumberThatWaits)
{
    constexpr sid32 kSemaphoresUsed = 3;
    std::array<std::deque<ProcessId>, kSemaphoresUsed> queues;
    std::array<int, kSemaphoresUsed> counts{};
    for (sid32 sem = 0; sem < kSemaphoresUsed; ++sem)
        semtab[allocate_semaphore()].scount = counts[static_cast<size_t>(sem)] = sem;
    for (int i = 0; i < 20; ++i)
        create_ready();

    std::mt19937 random(2);
    for (int step = 0; step < 20000; ++step) {
        const size_t index = random() % kSemaphoresUsed;
        const sid32 sem = SYSTEM_SEMAPHORES + static_cast<sid32>(index);
        auto &queue = queues[index];
        int &count = counts[index];
        const uint32_t choice = random() % 9;
        if (currpid == kNullProcess)
            resched();
        if (choice < 4 && currpid != kNullProcess) {
            const ProcessId pid = current();
            EXPECT_EQ(wait_on(sem), --count < 0);
            if (count < 0)
                queue.push_back(pid);
        } else if (choice < 8 || queue.empty()) {
            const ProcessId first = queue.empty() ? kNoProcess : queue.front();
            const InterruptGuard guard;
            ASSERT_EQ(signal_one(sem), ++count <= 0);
            if (first != kNoProcess) {
                EXPECT_EQ(process_entry(first).prstate, PR_READY);
                queue.pop_front();
            }
        } else { // one in the middle gives up
            const InterruptGuard guard;
            const auto it = queue.begin() + static_cast<std::ptrdiff_t>(random() % queue.size());
            stop_waiting(*it);
            make_ready(*it);
            queue.erase(it);
            ++count;
        }
        ASSERT_EQ(semtab[sem].scount, count);
        ASSERT_EQ(queue.size(), static_cast<size_t>(std::max(0, -count)));
    }
}

} // namespace
} // namespace detour
