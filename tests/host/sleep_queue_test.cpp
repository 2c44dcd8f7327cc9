#include "kernel/sched/sleep_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace detour
{
namespace
{

using LargeQueue = BasicSleepQueue<16384>;

constinit SleepQueue in_bss;

TEST(SleepQueue, IsEmptyWithoutAnyInitialisation)
{
    EXPECT_TRUE(in_bss.empty());
    for (const uint32_t now : {0U, 1U, UINT32_MAX})
        EXPECT_EQ(in_bss.pop_due(static_cast<uint32_t>(now)), kNoProcess);
    EXPECT_FALSE(in_bss.contains(1));
    EXPECT_FALSE(in_bss.remove(1));
    EXPECT_FALSE(in_bss.remove(kNoProcess));
}

TEST(SleepQueue, WakesAtTheTimeAndNotBefore)
{
    SleepQueue queue;
    queue.insert(1, 100);
    queue.insert(2, 50);
    EXPECT_EQ(queue.next_wake(), 50U);
    EXPECT_EQ(queue.pop_due(49), kNoProcess);
    EXPECT_EQ(queue.pop_due(50), 2U);
    EXPECT_EQ(queue.pop_due(50), kNoProcess);
    EXPECT_EQ(queue.pop_due(1000), 1U); // late is due too
    EXPECT_TRUE(queue.empty());
}

TEST(SleepQueue, OrdersTimesAroundTheWrapOfTheClock)
{
    SleepQueue queue;
    const uint32_t now = UINT32_MAX - 10;
    queue.insert(1, now + 0x7FFFFFFF); // the longest sleep
    queue.insert(2, now + 20);
    queue.insert(3, now + 1);
    queue.insert(4, now + 11);
    EXPECT_EQ(queue.pop_due(now), kNoProcess);
    for (const uint32_t expected : {3U, 4U, 2U, 0U})
        EXPECT_EQ(queue.pop_due(now + 20), expected);
    EXPECT_EQ(queue.pop_due(now + 0x7FFFFFFE), kNoProcess);
    EXPECT_EQ(queue.pop_due(now + 0x7FFFFFFF), 1U);
}

TEST(SleepQueue, ServesEqualTimesFirstComeFirstServed)
{
    const auto queue = std::make_unique<LargeQueue>();
    std::vector<ProcessId> order;
    for (uint32_t pid = 1; pid < 16384; ++pid)
        order.push_back(static_cast<ProcessId>(pid));
    std::mt19937 random(4);
    std::shuffle(order.begin(), order.end(), random);
    for (const ProcessId pid : order)
        queue->insert(pid, 7);
    EXPECT_EQ(queue->size(), 16383U);
    for (std::size_t i = 0; i < order.size(); i += 3)
        ASSERT_TRUE(queue->remove(order[i]));
    for (std::size_t i = 0; i < order.size(); ++i)
        if (i % 3 != 0) {
            ASSERT_EQ(queue->pop_due(7), order[i]);
        }
    EXPECT_TRUE(queue->empty());
}

TEST(SleepQueue, AssertsItsPreconditions)
{
    SleepQueue queue;
    queue.insert(1, 5);
    EXPECT_DEATH(queue.insert(1, 6), "");
    EXPECT_DEATH(queue.insert(kNoProcess, 6), "");
    EXPECT_DEATH(queue.insert(NPROC, 6), "");
}

// The model is a map from (wake time, order of insertion). Short sleeps make many equal times.
void compare_with_model(uint32_t seed, uint32_t processes, uint32_t longest)
{
    std::mt19937 random(seed);
    const auto queue = std::make_unique<LargeQueue>();
    using Key = std::pair<uint64_t, int>;
    std::map<Key, ProcessId> model;
    std::map<ProcessId, Key> key_of;
    uint64_t now = UINT32_MAX - 5000ULL; // the 32-bit boundary is crossed on the way
    for (int step = 0; step < 100000; ++step) {
        const auto pid = static_cast<ProcessId>(1 + random() % processes);
        ASSERT_EQ(queue->contains(pid), key_of.count(pid) == 1);
        if (random() % 8 == 0)
            ++now;
        if (const auto found = key_of.find(pid); found == key_of.end()) {
            const Key key{now + random() % longest, step};
            queue->insert(pid, static_cast<uint32_t>(key.first));
            model[key] = pid;
            key_of[pid] = key;
        } else if (random() % 3 == 0) {
            ASSERT_TRUE(queue->remove(pid));
            ASSERT_FALSE(queue->remove(pid));
            model.erase(found->second);
            key_of.erase(found);
        }
        if (!model.empty()) {
            ASSERT_EQ(queue->next_wake(), static_cast<uint32_t>(model.begin()->first.first));
        }
        while (!model.empty() && model.begin()->first.first <= now) {
            ASSERT_EQ(queue->pop_due(static_cast<uint32_t>(now)), model.begin()->second);
            key_of.erase(model.begin()->second);
            model.erase(model.begin());
        }
        ASSERT_EQ(queue->pop_due(static_cast<uint32_t>(now)), kNoProcess);
        ASSERT_EQ(queue->size(), model.size());
    }
}

TEST(SleepQueue, AgreesWithAnOrderedMapOfFew)
{
    compare_with_model(5, 12, 20);
}
TEST(SleepQueue, AgreesWithAnOrderedMapOfMany)
{
    compare_with_model(6, 16383, 100000);
}
TEST(SleepQueue, AgreesWithAnOrderedMapAmongEqualTimes)
{
    compare_with_model(7, 2000, 3000);
}

} // namespace
} // namespace detour
