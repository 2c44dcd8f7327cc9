#include "kernel/base/bitmap_index.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace detour
{
namespace
{

// The three levels and nothing else: an operation without loops has no more than these to touch.
static_assert(sizeof(BitmapIndex) == 4 * (1 + 32 + 1024));

constinit BitmapIndex in_bss;

TEST(BitmapIndex, IsEmptyWithoutAnyInitialisation)
{
    EXPECT_TRUE(in_bss.empty());
    EXPECT_EQ(in_bss.highest(), std::nullopt);
    EXPECT_EQ(in_bss.first_at_least(0), std::nullopt);
    EXPECT_FALSE(in_bss.contains(0));
}

TEST(BitmapIndex, FindsEverySingleKey)
{
    BitmapIndex index;
    for (uint32_t key = 0; key < BitmapIndex::kKeys; ++key) {
        index.insert(key);
        ASSERT_TRUE(index.contains(key));
        ASSERT_EQ(index.highest(), key);
        ASSERT_EQ(index.first_at_least(0), key);
        ASSERT_EQ(index.first_at_least(key), key);
        ASSERT_EQ(index.first_at_least(key + 1), std::nullopt);
        ASSERT_EQ(index.highest_below(key), std::nullopt);
        ASSERT_EQ(index.highest_below(key + 1), key);
        ASSERT_EQ(index.highest_below(UINT32_MAX), key);
        index.erase(key);
        ASSERT_TRUE(index.empty());
    }
}

TEST(BitmapIndex, FindsTheNextKeyAcrossEveryWordBoundary)
{
    for (const uint32_t key : {31U, 32U, 1023U, 1024U, 1055U, 2048U, 32767U}) {
        BitmapIndex index;
        index.insert(0);
        index.insert(key);
        for (uint32_t from = 1; from <= key; ++from)
            ASSERT_EQ(index.first_at_least(from), key) << from;
        index.erase(key);
        ASSERT_EQ(index.highest(), 0U);
        ASSERT_EQ(index.first_at_least(1), std::nullopt);
    }
}

TEST(BitmapIndex, TreatsKeysOutOfRangeAsAbsent)
{
    BitmapIndex index;
    index.insert(BitmapIndex::kKeys - 1);
    EXPECT_FALSE(index.contains(BitmapIndex::kKeys));
    EXPECT_EQ(index.first_at_least(BitmapIndex::kKeys), std::nullopt);
    EXPECT_EQ(index.first_at_least(UINT32_MAX), std::nullopt);
    EXPECT_DEATH(index.insert(BitmapIndex::kKeys), "");
    EXPECT_DEATH(index.erase(BitmapIndex::kKeys), "");
}

// The keys are drawn from a range so narrow that words often become empty, at a moving offset.
TEST(BitmapIndex, AgreesWithAnOrderedSet)
{
    std::mt19937 random(1);
    BitmapIndex index;
    std::set<uint32_t> model;
    for (int step = 0; step < 400000; ++step) {
        const uint32_t spread = random() % 8 == 0 ? BitmapIndex::kKeys : 80;
        const uint32_t key = (static_cast<uint32_t>(step) / 10000 * 997 + random() % spread) % BitmapIndex::kKeys;
        if (random() % 2 == 0) {
            index.insert(key);
            model.insert(key);
        } else {
            const auto victim = model.lower_bound(key); // a member, mostly; sometimes an absent key
            const uint32_t erased = victim == model.end() ? key : *victim;
            index.erase(erased);
            model.erase(erased);
        }
        const uint32_t probe = random() % BitmapIndex::kKeys;
        const auto at_least = model.lower_bound(probe);
        ASSERT_EQ(index.empty(), model.empty());
        ASSERT_EQ(index.contains(key), model.count(key) == 1);
        ASSERT_EQ(index.highest(), model.empty() ? std::nullopt : std::optional(*model.rbegin()));
        ASSERT_EQ(index.first_at_least(probe), at_least == model.end() ? std::nullopt : std::optional(*at_least));
    }
}

} // namespace
} // namespace detour
