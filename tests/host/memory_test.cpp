// memory_test.cpp - the pool of pages, and stacks with the gaps between them
#include "tests/host/fake_arch.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/stack.hpp"

#include <algorithm>
#include <map>

namespace detour
{
namespace
{

using fake::machine;
class MemoryTest : public fake::World
{
protected:
    void SetUp() override
    {
        World::SetUp();
        arch::mask_interrupts();
    }
};

uint32_t address_of(const char *pointer)
{
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pointer));
}

uint32_t pages(uint32_t bytes)
{
    return (bytes + kPageBytes - 1) / kPageBytes;
}

TEST_F(MemoryTest, TakesOverAllRangesButTheFrameTable)
{
    const uint32_t frames = (fake::kMemoryBase + fake::kMemoryBytes) / kPageBytes;
    const uint32_t places = fake::kStackAreaBytes / 0x8000;
    const uint32_t table = pages((frames + places) * sizeof(Frame)) + 2; // a page that is not mapped on either side
    EXPECT_EQ(machine.unmapped, (std::set<uint32_t>{fake::kMemoryBase, fake::kMemoryBase + (table - 1) * kPageBytes}));
    EXPECT_EQ(page_allocator.free_pages(), pages(fake::kMemoryBytes - fake::kHoleBytes) - table);

    std::set<uint32_t> blocks; // each page by itself, written to: nothing overlaps the table or the hole
    for (uint32_t block = heap.getmem(kPageBytes, 1); block != 0; block = heap.getmem(kPageBytes, 1)) {
        EXPECT_TRUE(blocks.insert(block).second);
        *reinterpret_cast<uint32_t *>(static_cast<uintptr_t>(block)) = 0xFFFFFFFF;
    }
    EXPECT_EQ(page_allocator.free_pages(), 0U);
    EXPECT_GE(*blocks.begin(), fake::kMemoryBase + table * kPageBytes);
    EXPECT_EQ(*blocks.rbegin(), fake::kMemoryBase + fake::kMemoryBytes - kPageBytes);
}

TEST_F(MemoryTest, AStackIsMappedWhileItIsAllocated)
{
    const uint32_t before = page_allocator.free_pages();
    for (const uint32_t wanted : {0U, 1U, uint32_t{MINSTK}, 4096U, 4097U, 65536U}) {
        uint32_t bytes = wanted;
        char *const stack = allocate_stack(bytes, 1);
        ASSERT_NE(stack, nullptr);
        EXPECT_EQ(bytes, std::max(kPageBytes, pages(wanted) * kPageBytes));
        EXPECT_EQ(machine.mapped.size() * kPageBytes, bytes);
        EXPECT_EQ(*machine.mapped.begin(), address_of(stack) + 4 - bytes);
        EXPECT_EQ(*machine.mapped.rbegin(), address_of(stack) + 4 - kPageBytes);
        EXPECT_TRUE(free_stack(stack, wanted));
        EXPECT_TRUE(machine.mapped.empty());
        EXPECT_FALSE(free_stack(stack, wanted)) << "twice";
    }
    EXPECT_EQ(page_allocator.free_pages(), before);
}

// Its highest pages at once; what is mapped is at any time what is allocated.
TEST_F(MemoryTest, ALargeStackIsMappedAndReleasedInPieces)
{
    constexpr uint32_t kAtOnce = kStackBytesAtOnce / kPageBytes;
    const uint32_t before = page_allocator.free_pages();
    for (const uint32_t wanted : {kAtOnce, kAtOnce + 1, 2 * kAtOnce, 3 * kAtOnce - 1}) {
        uint32_t bytes = wanted * kPageBytes;
        char *const stack = allocate_stack(bytes, 1);
        const uint32_t end = address_of(stack) + 4;
        EXPECT_EQ(machine.mapped.size(), kAtOnce);
        EXPECT_EQ(*machine.mapped.begin(), end - kStackBytesAtOnce);
        map_rest_of_stack(stack, bytes, false);
        EXPECT_EQ(machine.mapped.size(), wanted);
        EXPECT_EQ(*machine.mapped.begin(), end - bytes);
        if (wanted % 2 == 0) {
            EXPECT_TRUE(free_stack(stack, bytes));
        } else {
            for (uint32_t left = wanted - kAtOnce; !release_some_memory_of(1) && left > kAtOnce; left -= kAtOnce) {
                EXPECT_EQ(machine.mapped.size(), left);
                EXPECT_EQ(*machine.mapped.rbegin(), end - kPageBytes);
                EXPECT_TRUE(page_allocator.check());
                EXPECT_FALSE(free_stack(stack, bytes)) << "it is being released";
            }
            EXPECT_TRUE(release_some_memory_of(1));
        }
        EXPECT_TRUE(machine.mapped.empty());
        EXPECT_TRUE(stack_places.check());
        EXPECT_EQ(page_allocator.free_pages(), before);
    }
}

TEST_F(MemoryTest, BelowEachStackIsAGap)
{
    uint32_t free_from = fake::kStackArea;
    std::map<uint32_t, uint32_t> stacks; // from where to where
    for (const uint32_t wanted : {1U, 8U, 9U, 16U, 24U, 25U, 40U, 41U, 100U, 1U, 8U, 60U}) {
        uint32_t bytes = wanted * kPageBytes;
        const uint32_t end = address_of(allocate_stack(bytes, 1)) + 4;
        stacks[end - bytes] = end;
    }
    for (const auto &[begin, end] : stacks) {
        EXPECT_GE(begin - free_from, kStackGap);
        free_from = end;
    }
}

TEST_F(MemoryTest, AnImpossibleStackChangesNothing)
{
    const uint32_t before = page_allocator.free_pages();
    const uint32_t exactly_all = page_allocator.largest_run() * kPageBytes;
    for (const uint32_t wanted : {exactly_all + 1, 0x40000000U, 0xFFFFF000U, 0xFFFFF001U, 0xFFFFFFFFU}) {
        uint32_t bytes = wanted;
        EXPECT_EQ(allocate_stack(bytes, 1), nullptr) << wanted;
        EXPECT_EQ(bytes, wanted);
    }
    EXPECT_EQ(page_allocator.free_pages(), before);
    EXPECT_TRUE(machine.mapped.empty());
    uint32_t bytes = exactly_all;
    EXPECT_NE(allocate_stack(bytes, 1), nullptr);
}

TEST_F(MemoryTest, RefusesWhatIsNoStackOfThisSize)
{
    uint32_t bytes = 3 * kPageBytes;
    char *const stack = allocate_stack(bytes, 1);
    const auto at = [](uint32_t address) { return reinterpret_cast<char *>(static_cast<uintptr_t>(address)); };
    const uint32_t top = address_of(stack);
    for (const uint32_t wrong :
         {top + 4, top - 4, top + 1, top - 1, top + kPageBytes, top - kPageBytes, top + 0x10000, top - 0x10000, 0U,
          0xFFFFFFFCU, 0xFFFFFFFFU, fake::kMemoryBase - 4, fake::kMemoryBase + fake::kMemoryBytes - 4})
        EXPECT_FALSE(free_stack(at(wrong), bytes)) << std::hex << wrong;
    for (const uint32_t wrong :
         {0U, kPageBytes, 2 * kPageBytes, 3 * kPageBytes + 1, 4 * kPageBytes, 0xFFFFF000U, 0xFFFFFFFFU})
        EXPECT_FALSE(free_stack(stack, wrong)) << wrong;
    EXPECT_EQ(machine.mapped.size(), 3U);

    const uint32_t block = heap.getmem(4 * kPageBytes, 1); // the same size, but no stack
    EXPECT_FALSE(free_stack(at(block + 4 * kPageBytes - 4), 3 * kPageBytes));
    EXPECT_TRUE(free_stack(stack, 2 * kPageBytes + 1)) << "rounds to the same size";
}

TEST_F(MemoryTest, RefusesTwoNeighbouringStacksAsOne)
{
    uint32_t bytes = kPageBytes;
    char *const first = allocate_stack(bytes, 1);
    char *const second = allocate_stack(bytes, 1);
    const auto [low, high] = std::minmax(first, second);
    ASSERT_EQ(address_of(high) - address_of(low), 0x8000U);
    for (const uint32_t together : {2 * kPageBytes, 0x8000 + kPageBytes, 0x10000 - kStackGap})
        EXPECT_FALSE(free_stack(high, together));
    EXPECT_EQ(machine.mapped.size(), 2U);
}

TEST_F(MemoryTest, RefusesTheStackThatAProcessRunsOn)
{
    const ProcessId pid = create();
    const procent &process = process_entry(pid);
    EXPECT_FALSE(free_stack(process.prstkbase, process.prstklen));
    uint32_t bytes = kPageBytes;
    char *const another = allocate_stack(bytes, pid);
    EXPECT_TRUE(free_stack(another, bytes));
}

TEST_F(MemoryTest, ReleasesStacksAndBlocksOfOneOwnerOnly)
{
    const uint32_t before = page_allocator.free_pages();
    uint32_t bytes = 10000;
    char *const kept = allocate_stack(bytes, 2);
    const uint32_t with_kept = page_allocator.free_pages();
    for (int i = 0; i < 3; ++i) {
        allocate_stack(bytes, 1);
        EXPECT_NE(heap.getmem(24, 1), 0U);
        EXPECT_NE(heap.getmem(20000, 1), 0U);
    }
    while (!release_some_memory_of(1)) {
    }
    EXPECT_EQ(page_allocator.free_pages(), with_kept);
    EXPECT_EQ(machine.mapped.size(), 3U);
    EXPECT_TRUE(free_stack(kept, bytes));
    EXPECT_EQ(page_allocator.free_pages(), before);
}

} // namespace
} // namespace detour
