#include "kernel/sched/ready_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <utility>
#include <vector>

namespace detour
{
namespace
{

constexpr uint32_t kMax = ReadyQueue::kMaxPriority;

// All-zero and therefore ready before any code runs; each test leaves it empty.
constinit ReadyQueue queue;
constinit LinkTable links;

using Order = std::vector<std::pair<ProcessId, uint32_t>>;

// Takes out and returns the process that should run; kNoProcess when there is none.
ProcessId pop()
{
    const ProcessId pid = queue.front();
    if (pid != kNoProcess)
        queue.remove(links, pid);
    return pid;
}

Order contents()
{
    Order order;
    queue.for_each(links, [&order](ProcessId pid, uint32_t priority) { order.emplace_back(pid, priority); });
    return order;
}

TEST(ReadyQueue, IsEmptyWithoutAnyInitialisation)
{
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.highest_priority(), 0U);
    EXPECT_EQ(queue.front(), kNoProcess);
    EXPECT_EQ(pop(), kNoProcess);
    EXPECT_TRUE(contents().empty());
}

TEST(ReadyQueue, ServesPrioritiesInOrderAndEqualsFirstComeFirstServed)
{
    queue.insert(links, 5, 1);
    queue.insert(links, 9, kMax);
    queue.insert(links, 3, 20);
    queue.insert(links, 1, 20);
    queue.insert(links, 2, 20);
    EXPECT_EQ(queue.highest_priority(), kMax);
    EXPECT_EQ(contents(), (Order{{9, kMax}, {3, 20}, {1, 20}, {2, 20}, {5, 1}}));
    for (const ProcessId pid : {3U, 1U, 9U, kNoProcess})
        queue.yield(links, pid); // each is the first of its priority then
    EXPECT_EQ(contents(), (Order{{9, kMax}, {2, 20}, {3, 20}, {1, 20}, {5, 1}}));
    queue.insert_first(links, 7, 20);
    queue.insert_first(links, 8, 2);
    for (const uint32_t expected : {9U, 7U, 2U, 3U, 1U, 8U, 5U, 0U}) {
        EXPECT_EQ(queue.front(), expected);
        EXPECT_EQ(pop(), expected);
    }
    EXPECT_TRUE(queue.empty());
}

TEST(ReadyQueue, HasAListForEveryPriority)
{
    for (uint32_t priority = 1; priority <= kMax; ++priority) {
        queue.insert(links, 1, priority);
        ASSERT_EQ(queue.highest_priority(), priority);
        ASSERT_EQ(pop(), 1U);
        ASSERT_TRUE(queue.empty());
    }
}

TEST(ReadyQueue, AssertsItsPreconditions)
{
    queue.insert(links, 1, 20);
    EXPECT_DEATH(queue.insert(links, 1, 20), "");
    EXPECT_DEATH(queue.insert(links, 1, 21), "");
    EXPECT_DEATH(queue.insert(links, 2, 0), "");
    EXPECT_DEATH(queue.insert(links, 2, kMax + 1), "");
    EXPECT_DEATH(queue.remove(links, 2), "");
    EXPECT_EQ(pop(), 1U);
}

// Priorities come from a handful, so that equals meet, and from the whole range.
TEST(ReadyQueue, AgreesWithAMapOfDeques)
{
    std::mt19937 random(3);
    const auto draw = [&random](uint32_t bound) { return static_cast<uint32_t>(random() % bound); };
    std::map<uint32_t, std::deque<ProcessId>, std::greater<>> model;
    std::vector<uint32_t> priority_of(NPROC, 0);
    const auto forget = [&](ProcessId pid) {
        auto &equals = model[priority_of[pid]];
        equals.erase(std::find(equals.begin(), equals.end(), pid));
        if (equals.empty())
            model.erase(priority_of[pid]);
        priority_of[pid] = 0;
    };
    for (int step = 0; step < 200000; ++step) {
        const auto pid = static_cast<ProcessId>(1 + random() % (NPROC - 1));
        const uint32_t priority = draw(3) == 0 ? 1 + draw(kMax) : 18 + draw(5);
        if (random() % 4 == 0) {
            const ProcessId expected = model.empty() ? kNoProcess : model.begin()->second.front();
            ASSERT_EQ(pop(), expected);
            if (expected != kNoProcess)
                forget(expected);
        } else if (random() % 4 == 0 && !model.empty()) {
            auto &equals = model.begin()->second;
            queue.yield(links, equals.front());
            equals.push_back(equals.front());
            equals.pop_front();
        } else if (priority_of[pid] != 0) {
            queue.remove(links, pid);
            forget(pid);
        } else if (random() % 4 == 0) {
            queue.insert_first(links, pid, priority);
            model[priority].push_front(pid);
            priority_of[pid] = priority;
        } else {
            queue.insert(links, pid, priority);
            model[priority].push_back(pid);
            priority_of[pid] = priority;
        }
        ASSERT_EQ(queue.contains(pid), priority_of[pid] != 0);
        ASSERT_EQ(queue.priority_of(pid), priority_of[pid]);
        ASSERT_EQ(queue.highest_priority(), model.empty() ? 0 : model.begin()->first);
        ASSERT_EQ(queue.front(), model.empty() ? kNoProcess : model.begin()->second.front());
        if (step % 1000 == 0) {
            Order expected;
            for (const auto &[level, equals] : model)
                for (const ProcessId each : equals)
                    expected.emplace_back(each, level);
            ASSERT_EQ(contents(), expected);
        }
    }
    while (pop() != kNoProcess) {
    }
}

} // namespace
} // namespace detour
