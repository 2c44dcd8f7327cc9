// page_allocator_release_test.cpp - what the runs of an owner leave behind: in pieces, from the front, with neighbours
#include "tests/host/page_allocator_fixture.hpp"

#include <algorithm>
#include <random>
#include <vector>

namespace detour
{
namespace
{

using PageAllocatorReleaseTest = PageAllocatorTest;

TEST_F(PageAllocatorReleaseTest, ReleasesTheRunsOfAnOwnerInPieces)
{
    start(100);
    for (uint32_t list = 0; list < PageAllocator::kListsPerOwner; ++list) {
        ASSERT_NE(pages->allocate(2, FrameKind::kHeapSlab, 1, list), 0U);
        ASSERT_NE(pages->allocate(1, FrameKind::kHeapSlab, 2, list), 0U);
        ASSERT_NE(pages->allocate(1, FrameKind::kHeapSlab, 1, list), 0U);
    }
    static std::vector<const Frame *> told;
    told.clear();
    const uint32_t free_before = pages->free_pages();
    const uint32_t owned = pages->pages_of(1);
    const auto note = [](uint32_t, const Frame &run) {
        EXPECT_TRUE(std::find(told.begin(), told.end(), &run) == told.end());
        told.push_back(&run);
        return uint32_t{0};
    };
    constexpr uint32_t kOneRun = PageAllocator::kJoinWork + 1;
    for (uint32_t rounds = 1; !pages->release_some(1, kOneRun, note); ++rounds) {
        EXPECT_EQ(told.size(), rounds);
        EXPECT_TRUE(pages->check());
    }
    EXPECT_EQ(pages->free_pages(), free_before + owned);
    EXPECT_EQ(pages->pages_of(1), 0U);
    EXPECT_EQ(pages->pages_of(2), 8U);
    EXPECT_TRUE(pages->release_some(1, kOneRun));
    EXPECT_TRUE(pages->release_some(2, UINT32_MAX));
    EXPECT_EQ(pages->largest_run(), 99U);
}

TEST_F(PageAllocatorReleaseTest, ReleasesTheFrontOfARun)
{
    start(100);
    const uint32_t other = pages->allocate(4, FrameKind::kStack, 1);
    uint32_t run = pages->allocate(10, FrameKind::kStack, 1);
    pages->find_run(run, FrameKind::kStack)->bytes = 77;
    const uint32_t free_before = pages->free_pages();
    for (const uint32_t cut : {3U, 6U}) {
        const uint32_t first = run;
        run = pages->release_front(first, cut);
        EXPECT_EQ(run, first + cut);
        EXPECT_EQ(pages->find_run(first, FrameKind::kStack), nullptr);
        EXPECT_EQ(pages->find_run(run, FrameKind::kStack)->bytes, 77U);
        EXPECT_TRUE(pages->check());
    }
    EXPECT_EQ(pages->find_run(run, FrameKind::kStack)->length, 1U);
    EXPECT_EQ(pages->free_pages(), free_before + 9);
    EXPECT_EQ(pages->pages_of(1), 5U);
    EXPECT_TRUE(free_stack(run) && free_stack(other));
    EXPECT_EQ(pages->largest_run(), 99U);
}

// A run that is to be kept for now, and one whose preparation takes all of the work.
TEST_F(PageAllocatorReleaseTest, ReleasesARunOnceItIsPrepared)
{
    start(100);
    for (int i = 0; i < 4; ++i)
        ASSERT_NE(pages->allocate(2, FrameKind::kStack, 1), 0U);
    static uint32_t answer;
    const auto prepare = [](uint32_t first, const Frame &run) {
        EXPECT_EQ(run.length, 2U);
        EXPECT_NE(first, 0U);
        return answer;
    };
    answer = PageAllocator::kLater;
    EXPECT_FALSE(pages->release_some(1, 100, prepare));
    EXPECT_EQ(pages->pages_of(1), 8U);
    answer = 50;
    EXPECT_FALSE(pages->release_some(1, 60, prepare));
    EXPECT_EQ(pages->pages_of(1), 4U);
    EXPECT_TRUE(pages->check());
    answer = 0;
    EXPECT_TRUE(pages->release_some(1, 100, prepare));
    EXPECT_EQ(pages->pages_of(1), 0U);
}

// Neighbours in both directions, and with gaps: what belongs to others stays, whatever is freed at once.
TEST_F(PageAllocatorReleaseTest, ReleasesNeighboursTogether)
{
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        pages = std::make_unique<PageAllocator>();
        start(200);
        while (const uint32_t run = pages->allocate(1 + random() % 3, FrameKind::kUserPage, 1 + random() % 2)) {
            if (random() % 4 == 0)
                pages->release(run, FrameKind::kUserPage);
        }
        const uint32_t free_before = pages->free_pages();
        const uint32_t owned = pages->pages_of(1);
        const uint32_t others_pages = pages->pages_of(2);
        while (!pages->release_some(1, PageAllocator::kJoinWork + 1 + random() % 20))
            ASSERT_TRUE(pages->check());
        ASSERT_TRUE(pages->check());
        ASSERT_EQ(pages->free_pages(), free_before + owned);
        ASSERT_EQ(pages->pages_of(2), others_pages);
    }
}

} // namespace
} // namespace detour
