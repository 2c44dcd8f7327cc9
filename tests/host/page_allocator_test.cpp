#include "tests/host/page_allocator_fixture.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace detour
{
namespace
{

constinit PageAllocator in_bss;

TEST_F(PageAllocatorTest, HasNoMemoryBeforeItIsGivenSome)
{
    EXPECT_EQ(in_bss.allocate(1, FrameKind::kStack, 1), 0U);
    EXPECT_FALSE(in_bss.release(0, FrameKind::kStack));
    EXPECT_EQ(in_bss.largest_run(), 0U);
    EXPECT_EQ(in_bss.free_pages(), 0U);
    EXPECT_TRUE(in_bss.check());
}

TEST_F(PageAllocatorTest, LeavesFrameZeroAndWhatLiesBeyondTheTable)
{
    frames.resize(10);
    pages->init(frames);
    pages->add_free(0, 1);
    pages->add_free(10, 1);
    EXPECT_EQ(pages->free_pages(), 0U);
    pages->add_free(8, UINT32_MAX);
    pages->add_free(0, 3);
    EXPECT_EQ(pages->free_pages(), 4U);
    pages->add_free(3, 5); // closes the gap
    EXPECT_EQ(pages->largest_run(), 9U);
    EXPECT_DEATH(pages->add_free(4, 1), "");
}

TEST_F(PageAllocatorTest, RefusesImpossibleSizes)
{
    start(64);
    for (const uint32_t size : {0U, 64U, 32766U, 32767U, 32768U, 262144U, UINT32_MAX})
        EXPECT_EQ(stack(size), 0U) << size;
    EXPECT_EQ(pages->free_pages(), 63U);
    EXPECT_EQ(stack(63), 1U); // all there is
    EXPECT_EQ(stack(1), 0U);
    EXPECT_EQ(pages->largest_run(), 0U);
    EXPECT_TRUE(free_stack(1));
    EXPECT_EQ(pages->largest_run(), 63U);
}

TEST_F(PageAllocatorTest, JoinsFreeNeighboursOnBothSides)
{
    start(16);
    const uint32_t a = stack(3), b = stack(1), c = stack(5), rest = stack(6);
    ASSERT_TRUE(rest != 0 && free_stack(a) && free_stack(c));
    EXPECT_EQ(pages->largest_run(), 5U);
    EXPECT_TRUE(free_stack(b));
    EXPECT_EQ(pages->largest_run(), 9U);
    EXPECT_TRUE(free_stack(rest));
    EXPECT_EQ(pages->largest_run(), 15U);
}

TEST_F(PageAllocatorTest, ReleasesOnlyWhatBeginsThereAndIsOfThatKind)
{
    start(16);
    const uint32_t run = stack(4);
    for (uint32_t frame = 0; frame < 20; ++frame) {
        EXPECT_FALSE(pages->release(frame, FrameKind::kHeapRun));
        if (frame != run) {
            EXPECT_FALSE(free_stack(frame)) << frame;
        }
    }
    for (const FrameKind kind : {FrameKind::kReserved, FrameKind::kInterior, FrameKind::kLast, FrameKind::kFree})
        for (uint32_t frame = 0; frame < 16; ++frame)
            EXPECT_FALSE(pages->release(frame, kind));
    EXPECT_FALSE(free_stack(UINT32_MAX));
    EXPECT_EQ(pages->free_pages(), 11U);
    EXPECT_TRUE(free_stack(run));
    EXPECT_FALSE(free_stack(run)); // twice
    EXPECT_EQ(pages->free_pages(), 15U);
}

constexpr uint32_t kLong = 32767; // runs of this length and more share a bucket

TEST_F(PageAllocatorTest, HoldsAsManyLongRunsAsATableHasRoomFor)
{
    frames.resize(PageAllocator::kMaxFrames);
    pages->init(frames);
    for (uint32_t i = 0; i < 8; ++i)
        pages->add_free(1 + i * (kLong + 1), kLong);
    EXPECT_EQ(pages->largest_run(), kLong);
    EXPECT_EQ(stack(kLong + 1), 0U);
    for (uint32_t i = 0; i < 8; ++i)
        EXPECT_NE(stack(kLong), 0U);
    EXPECT_EQ(pages->free_pages(), 0U);
}

TEST_F(PageAllocatorTest, ComparesTheLongRunsThatShareABucket)
{
    frames.resize(PageAllocator::kMaxFrames);
    pages->init(frames);
    for (const uint32_t more : {300U, 0U, 200U, 100U})
        pages->add_free(1 + more * 400, kLong + more);
    EXPECT_EQ(pages->largest_run(), kLong + 300);
    EXPECT_EQ(stack(kLong + 301), 0U);
    EXPECT_EQ(stack(kLong + 101), 1U + 200 * 400);
    EXPECT_EQ(stack(kLong + 101), 1U + 300 * 400);
    EXPECT_EQ(stack(kLong + 101), 0U);
    EXPECT_EQ(stack(kLong - 1), 1U);
    EXPECT_EQ(pages->largest_run(), kLong + 100);
}

TEST_F(PageAllocatorTest, ReordersAnOwnersList)
{
    start(10);
    const uint32_t a = stack(1), b = stack(1), c = stack(1);
    EXPECT_EQ(pages->first_run(1, 0), c);
    pages->move_to_back(b);
    EXPECT_EQ(pages->first_run(1, 0), c);
    pages->move_to_front(a);
    EXPECT_EQ(pages->first_run(1, 0), a);
    pages->move_to_back(a);
    EXPECT_EQ(pages->first_run(1, 0), c);
    pages->move_to_back(c);
    EXPECT_EQ(pages->first_run(1, 0), b);
    EXPECT_TRUE(free_stack(b));
    EXPECT_EQ(pages->first_run(1, 0), a);
}

struct ModelRun {
    uint32_t length;
    FrameKind kind;
};

// The model is one flag per frame, searched from end to end.
class FlagModel
{
public:
    explicit FlagModel(uint32_t frames) : is_free_(frames, 1) { is_free_[0] = 0; }
    void set(uint32_t first, uint32_t count, uint8_t value) { std::fill_n(is_free_.data() + first, count, value); }
    uint32_t free_pages() const
    {
        return static_cast<uint32_t>(std::count(is_free_.begin(), is_free_.end(), uint8_t{1}));
    }
    // By first frame, the lengths of all maximal free runs.
    std::map<uint32_t, uint32_t> gaps() const
    {
        std::map<uint32_t, uint32_t> found;
        for (uint32_t frame = 1; frame < is_free_.size(); ++frame) {
            if (is_free_[frame] != 0 && is_free_[frame - 1] == 0)
                found[frame] = 0;
            if (is_free_[frame] != 0)
                ++found.rbegin()->second;
        }
        return found;
    }

private:
    std::vector<uint8_t> is_free_;
};

TEST_F(PageAllocatorTest, AgreesWithANaiveBestFit)
{
    constexpr uint32_t kFrames = 150;
    start(kFrames);
    std::mt19937 random(8);
    const auto draw = [&random](uint32_t bound) { return static_cast<uint32_t>(random() % bound); };
    FlagModel model(kFrames);
    std::map<uint32_t, ModelRun> runs;
    for (int step = 0; step < 100000; ++step) {
        const auto kind = draw(2) == 0 ? FrameKind::kStack : FrameKind::kHeapRun;
        if (draw(2) == 0) {
            const uint32_t size = draw(20) == 0 ? draw(kFrames) : draw(9);
            const auto gaps = model.gaps();
            uint32_t best = UINT32_MAX;
            uint32_t largest = 0;
            for (const auto &[first, length] : gaps) {
                largest = std::max(largest, length);
                best = length >= size ? std::min(best, length) : best;
            }
            ASSERT_EQ(pages->largest_run(), largest);
            const uint32_t first = pages->allocate(size, kind, static_cast<ProcessId>(draw(4)), draw(8));
            ASSERT_EQ(first != 0, size != 0 && best != UINT32_MAX);
            if (first == 0)
                continue;
            ASSERT_EQ(gaps.at(first), best); // at the start of a gap of the best length
            model.set(first, size, 0);
            runs[first] = {size, kind};
        } else {
            const auto near = runs.lower_bound(draw(kFrames));
            const uint32_t first = near == runs.end() || draw(4) == 0 ? draw(kFrames) : near->first;
            const auto run = runs.find(first);
            const bool valid = run != runs.end() && run->second.kind == kind;
            ASSERT_EQ(pages->release(first, kind), valid);
            if (!valid)
                continue;
            model.set(first, run->second.length, 1);
            runs.erase(run);
        }
        ASSERT_EQ(pages->free_pages(), model.free_pages());
        if (step % 1000 == 0) {
            ASSERT_TRUE(pages->check());
        }
    }
    for (const auto &[first, run] : runs)
        ASSERT_TRUE(pages->release(first, run.kind));
    EXPECT_EQ(pages->largest_run(), kFrames - 1);
}

// Spare runs are never merged but for a request that needs it: no call of largest_run() here. What fits is unchanged.
TEST_F(PageAllocatorTest, SpareRunsAreAsGoodAsOtherFreeOnes)
{
    constexpr uint32_t kFrames = 150;
    start(kFrames);
    std::mt19937 random(12);
    const auto draw = [&random](uint32_t bound) { return static_cast<uint32_t>(random() % bound); };
    FlagModel model(kFrames);
    std::map<uint32_t, uint32_t> lengths;
    for (int step = 0; step < 50000; ++step) {
        if (draw(2) == 0) {
            const uint32_t size = 1 + (draw(20) == 0 ? draw(kFrames) : draw(9));
            const auto gaps = model.gaps();
            const bool fits =
                std::any_of(gaps.begin(), gaps.end(), [size](const auto &gap) { return gap.second >= size; });
            const uint32_t first = stack(size);
            ASSERT_EQ(first != 0, fits);
            if (!fits)
                continue;
            const auto gap = std::prev(gaps.upper_bound(first));
            ASSERT_LE(first + size, gap->first + gap->second);
            model.set(first, size, 0);
            lengths[first] = size;
        } else if (!lengths.empty()) {
            auto run = lengths.lower_bound(draw(kFrames));
            run = run == lengths.end() ? lengths.begin() : run;
            ASSERT_TRUE(free_stack(run->first));
            ASSERT_FALSE(free_stack(run->first));
            model.set(run->first, run->second, 1);
            lengths.erase(run);
        }
        ASSERT_EQ(pages->free_pages(), model.free_pages());
        if (step % 100 == 0) {
            ASSERT_TRUE(pages->check());
        }
    }
    EXPECT_TRUE(pages->release_some(1, UINT32_MAX));
    EXPECT_EQ(pages->largest_run(), kFrames - 1);
}

TEST_F(PageAllocatorTest, AShortRunReleasedLastIsAllocatedNextAndALongOneIsNotSetAside)
{
    start(200);
    const uint32_t shorter = stack(2), a = stack(4), wall = stack(1), longer = stack(40), end = stack(1);
    ASSERT_TRUE(free_stack(shorter) && free_stack(a) && free_stack(longer) && wall != 0 && end != 0);
    EXPECT_EQ(stack(4), a) << "as it was, though it has a free neighbour";
    EXPECT_EQ(stack(39), longer) << "the shortest free run that is long enough";
    EXPECT_EQ(stack(1), longer + 39);
}

// Runs of one length do not keep those of another from being set aside.
TEST_F(PageAllocatorTest, SpareRunsOfALengthNoLongerUsedAreMerged)
{
    start(200);
    std::vector<uint32_t> old, walls;
    for (int i = 0; i < 20; ++i) {
        old.push_back(stack(1));
        walls.push_back(stack(2));
    }
    for (const uint32_t run : old)
        ASSERT_TRUE(free_stack(run));
    for (const uint32_t run : {walls[3], walls[5]})
        ASSERT_TRUE(free_stack(run));
    EXPECT_TRUE(pages->check());
    EXPECT_EQ(stack(2), walls[5]);
    EXPECT_EQ(stack(2), walls[3]);
    EXPECT_EQ(stack(3), 61U) << "other requests are served from what was never allocated";
}

// check() must see a fault in any of the tables, or the tests above prove little.
TEST_F(PageAllocatorTest, CheckNoticesEveryDamagedTag)
{
    start(12);
    const uint32_t a = stack(3), b = stack(2), c = stack(1);
    ASSERT_TRUE(free_stack(a));
    EXPECT_EQ(pages->largest_run(), 5U); // merges the spare run
    ASSERT_TRUE(free_stack(c));          // a spare run
    const std::vector<Frame> good = frames;
    const auto is_noticed = [&](uint32_t frame, auto damage) {
        damage(frames[frame]);
        const bool noticed = !pages->check();
        frames = good; // in place: the allocator keeps its view of them
        return noticed;
    };
    EXPECT_TRUE(is_noticed(a, [](Frame &frame) { ++frame.length; }));
    EXPECT_TRUE(is_noticed(a + 2, [](Frame &frame) { --frame.length; }));
    EXPECT_TRUE(is_noticed(a + 1, [](Frame &frame) { frame.kind = FrameKind::kLast; }));
    EXPECT_TRUE(is_noticed(a + 2, [](Frame &frame) { frame.kind = FrameKind::kInterior; }));
    EXPECT_TRUE(is_noticed(b, [](Frame &frame) { frame.kind = FrameKind::kFree; }));
    EXPECT_TRUE(is_noticed(b, [](Frame &frame) { frame.owner = 2; }));
    EXPECT_TRUE(is_noticed(b, [](Frame &frame) { frame.list = 1; }));
    EXPECT_TRUE(is_noticed(b, [](Frame &frame) { frame.next = 6; }));
    EXPECT_TRUE(is_noticed(a, [](Frame &frame) { frame.prev = 6; }));
    EXPECT_TRUE(is_noticed(c, [](Frame &frame) { frame.kind = FrameKind::kFree; }));
    EXPECT_TRUE(is_noticed(c, [](Frame &frame) { frame.length = 2; }));
    EXPECT_TRUE(is_noticed(c, [c](Frame &frame) { frame.next = c; }));
    EXPECT_TRUE(is_noticed(0, [](Frame &frame) { frame.kind = FrameKind::kInterior; }));
}

} // namespace
} // namespace detour
