#include "kernel/memory/heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace detour
{
namespace
{

constexpr uint32_t kFrames = 300;

constexpr uint32_t kAll = UINT32_MAX; // runs of an owner

class HeapTest : public testing::Test
{
protected:
    HeapTest()
    {
        pages->init(frames);
        pages->add_free(1, kFrames - 1);
    }
    void TearDown() override { EXPECT_TRUE(pages->check()); }
    void expect_all_free() const { EXPECT_EQ(pages->largest_run(), kFrames - 1); }

    std::vector<Frame> frames = std::vector<Frame>(kFrames);
    std::unique_ptr<PageAllocator> pages = std::make_unique<PageAllocator>();
    struct alignas(kPageBytes) Page {
        uint8_t bytes[kPageBytes];
    };
    std::vector<Page> memory = std::vector<Page>(kFrames); // physical memory, as the heap sees it
    Heap heap{*pages, reinterpret_cast<uintptr_t>(memory.data())};
};

uint32_t rounded(uint32_t bytes)
{
    return (bytes + 7) / 8 * 8;
}

TEST_F(HeapTest, RefusesImpossibleSizesAndChangesNothing)
{
    for (const uint32_t size :
         {0U, kFrames * kPageBytes, 0x40000000U, 0x40000001U, 0x80000000U, 0xfffffff8U, 0xfffffff9U, 0xffffffffU}) {
        EXPECT_EQ(heap.getmem(size, 1), 0U) << size;
        EXPECT_FALSE(heap.freemem(kPageBytes, size));
    }
    expect_all_free();
}

TEST_F(HeapTest, GivesTheLargestFreeRunToTheByte)
{
    EXPECT_EQ(heap.getmem((kFrames - 1) * kPageBytes + 1, 1), 0U);
    const uint32_t address = heap.getmem((kFrames - 1) * kPageBytes, 1);
    EXPECT_EQ(address, kPageBytes);
    EXPECT_EQ(heap.getmem(1, 1), 0U);
    EXPECT_EQ(heap.getmem(2000, 1), 0U);
    EXPECT_TRUE(heap.freemem(address, (kFrames - 1) * kPageBytes));
    expect_all_free();
}

TEST_F(HeapTest, AlignsServesAndTakesBackEverySize)
{
    for (uint32_t size = 1; size <= 3 * kPageBytes; ++size) {
        const uint32_t address = heap.getmem(size, 1);
        ASSERT_NE(address, 0U);
        ASSERT_EQ(address % (rounded(size) <= Heap::kMaxSmall ? 8 : kPageBytes), 0U);
        ASSERT_FALSE(heap.freemem(address, rounded(size) + 1)); // the next multiple of 8
        ASSERT_FALSE(heap.freemem(address, rounded(size) - 8));
        ASSERT_TRUE(heap.freemem(address, size));
        ASSERT_FALSE(heap.freemem(address, size));
        ASSERT_EQ(pages->free_pages(), kFrames - 1);
    }
}

TEST_F(HeapTest, RefusesEveryPointerThatIsNoBlock)
{
    const uint32_t small = heap.getmem(40, 1);
    const uint32_t neighbour = heap.getmem(40, 1);
    const uint32_t large = heap.getmem(2 * kPageBytes, 1);
    const uint32_t stack = pages->allocate(2, FrameKind::kStack, 1) * kPageBytes;
    const uint32_t free_before = pages->free_pages();
    for (uint32_t address = 0; address < kFrames * kPageBytes; ++address) {
        ASSERT_EQ(heap.freemem(address, 40), address == small || address == neighbour);
        if (address == neighbour) {
            ASSERT_EQ(heap.getmem(40, 1) / kPageBytes, small / kPageBytes);
        }
        ASSERT_FALSE(address != large && heap.freemem(address, 2 * kPageBytes));
    }
    EXPECT_EQ(pages->free_pages(), free_before);
    EXPECT_FALSE(heap.freemem(stack, 2 * kPageBytes));
    EXPECT_FALSE(heap.freemem(UINT32_MAX, 40));
    EXPECT_FALSE(heap.freemem(UINT32_MAX - kPageBytes + 1, 40));
    EXPECT_FALSE(heap.freemem(large, kPageBytes));
    EXPECT_TRUE(heap.freemem(large, 2 * kPageBytes));
}

TEST_F(HeapTest, ADamagedBlockTableCostsItsFreeBlocksUntilTheOwnerEnds)
{
    for (const int byte : {0x00, 0x55, 0x80, 0xff}) {
        const uint32_t first = heap.getmem(16, 1);
        const uint32_t second = heap.getmem(16, 1);
        const uint32_t third = heap.getmem(16, 1);
        EXPECT_TRUE(heap.freemem(third, 16));
        EXPECT_TRUE(heap.freemem(second, 16));
        std::memset(&memory[first / kPageBytes], byte, 300); // the previous page's last block runs over
        EXPECT_EQ(heap.getmem(16, 1), third + 16) << "what was never allocated is still there";
        EXPECT_EQ(heap.getmem(16, 1), third + 32);
        EXPECT_FALSE(heap.freemem(first, 16));
        EXPECT_TRUE(heap.freemem(third + 16, 16));
        pages->release_some(1, kAll);
        expect_all_free();
    }
}

TEST_F(HeapTest, ASlabWhoseListWasCutServesWhatComesBack)
{
    const uint32_t first = heap.getmem(16, 1);
    const uint32_t second = heap.getmem(16, 1);
    const uint32_t third = heap.getmem(16, 1);
    EXPECT_TRUE(heap.freemem(third, 16));
    EXPECT_TRUE(heap.freemem(second, 16));
    memory[first / kPageBytes].bytes[1 * 2] ^= 1; // the link of block 1
    const uint32_t fourth = heap.getmem(16, 1);
    EXPECT_EQ(fourth, third + 16);
    EXPECT_TRUE(heap.freemem(first, 16));
    EXPECT_EQ(heap.getmem(16, 1), first);
    for (const uint32_t address : {first, fourth})
        EXPECT_TRUE(heap.freemem(address, 16));
    expect_all_free(); // the page goes back without blocks 1 and 2
}

TEST_F(HeapTest, TheFullSlabWhoseListIsDamagedMakesRoomForOthers)
{
    constexpr uint32_t kBlocks = kPageBytes / (1024 + 2);
    std::vector<uint32_t> blocks;
    for (uint32_t i = 0; i < 2 * kBlocks; ++i)
        blocks.push_back(heap.getmem(1024, 1));
    EXPECT_TRUE(heap.freemem(blocks[kBlocks], 1024)); // its slab is now the first
    memory[blocks[kBlocks] / kPageBytes].bytes[0] ^= 1;
    const uint32_t other = heap.getmem(1024, 1);
    EXPECT_NE(other / kPageBytes, blocks[kBlocks] / kPageBytes);
    EXPECT_EQ(heap.getmem(1024, 1), other + 1024) << "the damaged slab counts as a full one";
    EXPECT_TRUE(heap.freemem(blocks[0], 1024));
    EXPECT_EQ(heap.getmem(1024, 1), blocks[0]);
    EXPECT_TRUE(heap.freemem(blocks[kBlocks + 1], 1024));
    EXPECT_EQ(heap.getmem(1024, 1), blocks[kBlocks + 1]);
    pages->release_some(1, kAll);
}

TEST_F(HeapTest, FollowsALinkOnlyIfNeitherEndIsDamaged)
{
    for (const bool from : {false, true}) { // which end of the link is damaged; both lead to block 1, in use
        const uint32_t first = heap.getmem(16, 1);
        const uint32_t second = heap.getmem(16, 1);
        const uint32_t third = heap.getmem(16, 1);
        auto *const table = reinterpret_cast<uint16_t *>(&memory[first / kPageBytes]);
        EXPECT_TRUE(heap.freemem(second, 16));
        EXPECT_TRUE(heap.freemem(first, 16)); // block 0 leads to block 1
        const uint16_t link_of_first = table[0];
        EXPECT_EQ(heap.getmem(16, 1), first);
        EXPECT_EQ(heap.getmem(16, 1), second);
        EXPECT_TRUE(heap.freemem(first, 16)); // now it leads nowhere
        table[0] = from ? uint16_t{1} : link_of_first;
        const uint32_t next = heap.getmem(16, 1);
        EXPECT_EQ(next, from ? third + 16 : first);
        const uint32_t after = heap.getmem(16, 1);
        EXPECT_TRUE(after != second && after != third && after != next);
        pages->release_some(1, kAll);
    }
}

// The entries of blocks that were never allocated are whatever the page's last user wrote there.
TEST_F(HeapTest, WhatAnEarlierUserLeftInAPageIsNoBlock)
{
    std::fill_n(reinterpret_cast<uint16_t *>(memory.data()), kFrames * kPageBytes / 2, uint16_t{16});
    const uint32_t first = heap.getmem(16, 1);
    EXPECT_FALSE(heap.freemem(first + 16, 16));
    EXPECT_FALSE(heap.freemem(first - 16, 16));
    EXPECT_EQ(heap.getmem(16, 1), first + 16);
    EXPECT_TRUE(heap.freemem(first + 16, 16));
    EXPECT_TRUE(heap.freemem(first, 16));
    expect_all_free();
}

// Words of the block tables are overwritten all the time, at random or with what would be an entry elsewhere. Blocks
// may be lost, but none is allocated twice, and the end of the owner frees everything.
TEST_F(HeapTest, NoDamageOfBlockTablesMakesItGiveOutABlockTwice)
{
    std::mt19937 random(11);
    const auto draw = [&random](uint32_t bound) { return static_cast<uint32_t>(random() % bound); };
    for (int round = 0; round < 300; ++round) {
        std::map<uint32_t, uint32_t> model; // address: bytes
        for (int step = 0; step < 400; ++step) {
            if (model.empty() || draw(8) < 5) {
                const uint32_t bytes = 1 + draw(draw(3) == 0 ? 1024 : 64);
                const uint32_t address = heap.getmem(bytes, 1);
                if (address == 0)
                    continue;
                const auto next = model.lower_bound(address);
                ASSERT_TRUE(next == model.end() || next->first >= address + rounded(bytes));
                ASSERT_TRUE(next == model.begin() ||
                            std::prev(next)->first + rounded(std::prev(next)->second) <= address);
                model[address] = bytes;
            } else {
                auto found = model.lower_bound(draw(kFrames * kPageBytes));
                if (found == model.end())
                    found = model.begin();
                if (heap.freemem(found->first, found->second)) // not if its entry is damaged
                    model.erase(found);
            }
            if (!model.empty() && draw(4) == 0) {
                auto *const table = reinterpret_cast<uint16_t *>(&memory[model.begin()->first / kPageBytes]);
                const uint32_t at = draw(3) == 0 ? draw(227) : draw(16);
                table[at] = static_cast<uint16_t>(draw(2) == 0 ? random() : table[draw(227)]);
            }
        }
        pages->release_some(1, kAll);
        expect_all_free();
    }
}

TEST_F(HeapTest, ReleasesTheBlocksOfOneOwnerOnly)
{
    std::vector<uint32_t> others;
    for (uint32_t size = 8; size < 4000; size += 24) {
        ASSERT_NE(heap.getmem(size, 1), 0U);
        if (size < 900)
            others.push_back(heap.getmem(size, 2));
    }
    pages->release_some(1, kAll);
    uint32_t size = 8;
    for (const uint32_t address : others) {
        EXPECT_TRUE(heap.freemem(address, size));
        size += 24;
    }
    expect_all_free();
}

struct Block {
    uint32_t bytes;
    ProcessId owner;
    uint8_t fill;
};

// The model is a map of blocks. Each is filled with a pattern while it lives, so an overlap shows, and so does memory
// of the heap's own inside a block.
TEST_F(HeapTest, AgreesWithAMapOfBlocks)
{
    std::mt19937 random(9);
    const auto draw = [&random](uint32_t bound) { return static_cast<uint32_t>(random() % bound); };
    const auto at = [this](uint32_t address) { return reinterpret_cast<uint8_t *>(memory.data()) + address; };
    std::map<uint32_t, Block> model;
    const auto is_intact = [&](uint32_t address, const Block &block) {
        return std::all_of(at(address), at(address) + block.bytes, [&](uint8_t each) { return each == block.fill; });
    };
    for (int step = 0; step < 150000; ++step) {
        const uint32_t bytes = draw(10) == 0 ? 1 + draw(20000) : 1 + draw(draw(3) == 0 ? 1100 : 64);
        const auto owner = static_cast<ProcessId>(draw(4));
        const uint32_t before = pages->free_pages();
        if (draw(8) < (step / 5000 % 2 == 0 ? 5U : 3U)) { // times of growing and of shrinking
            const uint32_t address = heap.getmem(bytes, owner);
            const uint32_t whole_pages = (bytes + kPageBytes - 1) / kPageBytes;
            ASSERT_TRUE(address != 0 || pages->largest_run() < whole_pages);
            if (address == 0)
                continue;
            ASSERT_LE(before - pages->free_pages(), whole_pages);
            const auto next = model.lower_bound(address);
            ASSERT_TRUE(next == model.end() || next->first >= address + rounded(bytes));
            ASSERT_TRUE(next == model.begin() ||
                        std::prev(next)->first + rounded(std::prev(next)->second.bytes) <= address);
            model[address] = {bytes, owner, static_cast<uint8_t>(random())};
            std::memset(at(address), model[address].fill, bytes);
        } else if (const auto found = model.lower_bound(draw(kFrames * kPageBytes)); found != model.end()) {
            const auto [address, block] = *found;
            ASSERT_TRUE(is_intact(address, block));
            ASSERT_FALSE(heap.freemem(address + 8, block.bytes)); // blocks are 16 bytes apart at least
            ASSERT_FALSE(heap.freemem(address, block.bytes + 8));
            ASSERT_TRUE(heap.freemem(address, block.bytes));
            model.erase(address);
        }
        if (step % 2000 == 0) {
            ASSERT_TRUE(pages->check());
        }
        if (step % 20000 == 19999) {
            pages->release_some(owner, kAll);
            std::erase_if(model, [owner](const auto &entry) { return entry.second.owner == owner; });
            ASSERT_FALSE(pages->first_run(owner, 0));
        }
    }
    for (const auto &[address, block] : model) {
        ASSERT_TRUE(is_intact(address, block));
        ASSERT_TRUE(heap.freemem(address, block.bytes));
    }
    expect_all_free();
}

// Slabs fill up before a new one is begun, also after blocks are freed to full ones in any order.
TEST_F(HeapTest, ReusesFreeBlocksBeforeItTakesANewPage)
{
    std::mt19937 random(10);
    for (uint32_t size = 16; size <= Heap::kMaxSmall; size *= 2) {
        const uint32_t per_page = kPageBytes / (size + 2);
        std::vector<uint32_t> blocks;
        for (uint32_t i = 0; i < 20 * per_page; ++i)
            blocks.push_back(heap.getmem(size, 3));
        ASSERT_EQ(pages->free_pages(), kFrames - 1 - 20);
        for (int round = 0; round < 2000; ++round) {
            uint32_t &block = blocks[random() % blocks.size()];
            uint32_t &other = blocks[random() % blocks.size()];
            ASSERT_TRUE(heap.freemem(block, size));
            ASSERT_TRUE(&block == &other || heap.freemem(other, size));
            block = heap.getmem(size, 3);
            other = &block == &other ? block : heap.getmem(size, 3);
            ASSERT_GE(pages->free_pages(), kFrames - 1 - 20);
        }
        for (const uint32_t block : blocks)
            ASSERT_TRUE(heap.freemem(block, size));
        expect_all_free();
    }
}

} // namespace
} // namespace detour
