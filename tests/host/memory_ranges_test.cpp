// memory_ranges_test.cpp - whatever order a boot loader lists memory in; against a simple model
#include "tests/host/fake_types.hpp"

#include "kernel/memory/memory_ranges.hpp"

#include <gtest/gtest.h>

#include <bitset>
#include <random>
#include <utility>
#include <vector>

namespace detour
{
namespace
{

using Ranges = std::vector<std::pair<uint32_t, uint32_t>>; // first, end

Ranges list(const MemoryRanges &memory)
{
    Ranges result;
    for (const arch::MemoryRange &range : memory.all())
        result.emplace_back(range.base, range.base + range.bytes);
    return result;
}

TEST(MemoryRanges, SortsAndJoins)
{
    MemoryRanges memory;
    EXPECT_TRUE(memory.all().empty());
    memory.add(0x8000, 0x9000);
    memory.add(0x1000, 0x2000);
    memory.add(0x4000, 0x5000);
    EXPECT_EQ(list(memory), (Ranges{{0x1000, 0x2000}, {0x4000, 0x5000}, {0x8000, 0x9000}}));
    memory.add(0x2000, 0x3000); // touches
    memory.add(0x4000, 0x5000); // the same again
    EXPECT_EQ(list(memory), (Ranges{{0x1000, 0x3000}, {0x4000, 0x5000}, {0x8000, 0x9000}}));
    memory.add(0x2000, 0x8000);
    EXPECT_EQ(list(memory), (Ranges{{0x1000, 0x9000}}));
    memory.add(0x5000, 0x5000);
    memory.add(0x7000, 0x1000); // what rounding inwards leaves of less than a page
    EXPECT_EQ(list(memory), (Ranges{{0x1000, 0x9000}}));
}

TEST(MemoryRanges, CutsOut)
{
    MemoryRanges memory;
    memory.add(0x1000, 0x9000);
    memory.remove(0x3000, 0x4000);
    memory.remove(0x8000, 0xA000);
    memory.remove(0x6000, 0x6000);
    EXPECT_EQ(list(memory), (Ranges{{0x1000, 0x3000}, {0x4000, 0x8000}}));
    memory.remove(0, 0x5000);
    EXPECT_EQ(list(memory), (Ranges{{0x5000, 0x8000}}));
    memory.remove(0x5000, 0x8000);
    EXPECT_TRUE(memory.all().empty());
}

TEST(MemoryRanges, DropsTheHighestThatHaveNoRoom)
{
    MemoryRanges memory;
    for (uint32_t i = MemoryRanges::kCapacity + 2; i > 0; --i)
        memory.add(i * 0x2000, i * 0x2000 + 0x1000);
    EXPECT_EQ(memory.all().size(), MemoryRanges::kCapacity);
    EXPECT_EQ(memory.all().front().base, 0x2000U);
    EXPECT_EQ(memory.all().back().base, MemoryRanges::kCapacity * 0x2000U);
}

TEST(MemoryRanges, AgreesWithASetOfPages)
{
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        MemoryRanges memory;
        std::bitset<64> pages;
        for (int step = 0; step < 10; ++step) {
            uint32_t first = random() % 64;
            uint32_t end = random() % 64;
            const bool add = random() % 2 == 0;
            add ? memory.add(first, end) : memory.remove(first, end);
            for (; first < end; ++first)
                pages[first] = add;
        }
        Ranges wanted;
        for (uint32_t page = 0; page < 64; ++page) {
            if (!pages[page])
                continue;
            if (page == 0 || !pages[page - 1])
                wanted.emplace_back(page, page);
            wanted.back().second = page + 1;
        }
        ASSERT_EQ(list(memory), wanted) << "round " << round;
    }
}

} // namespace
} // namespace detour
