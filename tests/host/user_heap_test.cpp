// user_heap_test.cpp - what a ring-3 process may change of its own space: the end of its heap, and its ports
#include "tests/host/fake_user_world.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/user/access.hpp"
#include "kernel/user/space.hpp"

#include <limits>

namespace detour
{
namespace
{

using namespace fake::sample;
using fake::user_machine;

constexpr uint32_t kPage = kPageBytes;
constexpr uint32_t kTableSpan = 1024 * kPage; // what one page table maps

class UserHeapTest : public fake::UserWorld
{
protected:
    static bool is_mapped(uint32_t address) { return is_user_range(address, 1, true); }
    static uint32_t heap_end() { return user_spaces[current()].heap_end; }
};

TEST_F(UserHeapTest, GrowsAndShrinksByBytes)
{
    enter();
    EXPECT_EQ(move_heap_end(0), kHeap);
    EXPECT_FALSE(is_mapped(kHeap));
    EXPECT_EQ(move_heap_end(1), kHeap);
    EXPECT_TRUE(is_user_range(kHeap, kPage, true));
    EXPECT_FALSE(is_mapped(kHeap + kPage));
    EXPECT_EQ(move_heap_end(static_cast<int32_t>(kPage - 1)), kHeap + 1);
    EXPECT_FALSE(is_mapped(kHeap + kPage));
    EXPECT_EQ(move_heap_end(1), kHeap + kPage);
    EXPECT_TRUE(is_mapped(kHeap + kPage));
    EXPECT_EQ(move_heap_end(0), kHeap + kPage + 1);
    EXPECT_EQ(move_heap_end(-1), kHeap + kPage + 1);
    EXPECT_FALSE(is_mapped(kHeap + kPage));
    EXPECT_EQ(move_heap_end(-static_cast<int32_t>(kPage)), kHeap + kPage);
    EXPECT_FALSE(is_mapped(kHeap));
    EXPECT_TRUE(is_mapped(kHeap - 1)) << "the program's data stays";
    EXPECT_EQ(heap_end(), kHeap);
}

TEST_F(UserHeapTest, WhatIsGivenBackIsZeroWhenItComesAgain)
{
    enter();
    const uint32_t pages = page_allocator.free_pages();
    move_heap_end(2 * kPage);
    write_text(kHeap, std::string(2 * kPage, 'x'));
    move_heap_end(-100 - static_cast<int32_t>(kPage)); // in the middle of the first page
    EXPECT_EQ(page_allocator.free_pages(), pages - 1);
    move_heap_end(2 * kPage);
    for (uint32_t at = kHeap; at < kHeap + 3 * kPage; ++at)
        ASSERT_EQ(byte_of(current(), at), at < kHeap + kPage - 100 ? 'x' : 0) << std::hex << at;
    move_heap_end(-static_cast<int32_t>(heap_end() - kHeap));
    EXPECT_EQ(page_allocator.free_pages(), pages);
}

TEST_F(UserHeapTest, Bounds)
{
    enter();
    const uint32_t pages = page_allocator.free_pages();
    EXPECT_EQ(move_heap_end(-1), 0U);
    EXPECT_EQ(move_heap_end(std::numeric_limits<int32_t>::min()), 0U);
    EXPECT_EQ(move_heap_end(static_cast<int32_t>(USER_HEAP_END - kHeap) + 1), 0U);
    EXPECT_EQ(move_heap_end(std::numeric_limits<int32_t>::max()), 0U);
    EXPECT_EQ(page_allocator.free_pages(), pages);
    EXPECT_EQ(heap_end(), kHeap);
    EXPECT_FALSE(is_mapped(kHeap));
}

// As if the heap had grown this far: there is not that much memory.
TEST_F(UserHeapTest, ReachesItsHighestEnd)
{
    const ProcessId pid = enter();
    user_spaces[pid].heap_end = USER_HEAP_END - kPage;
    EXPECT_EQ(move_heap_end(static_cast<int32_t>(kPage + 1)), 0U);
    EXPECT_EQ(move_heap_end(static_cast<int32_t>(kPage)), USER_HEAP_END - kPage);
    EXPECT_TRUE(is_mapped(USER_HEAP_END - 1));
    EXPECT_EQ(move_heap_end(1), 0U);
    EXPECT_EQ(move_heap_end(std::numeric_limits<int32_t>::max()), 0U);
    EXPECT_EQ(move_heap_end(-static_cast<int32_t>(kPage)), USER_HEAP_END);
}

TEST_F(UserHeapTest, OutOfMemoryOnTheWayChangesNothing)
{
    enter();
    move_heap_end(10);
    write_text(kHeap, "kept");
    for (uint32_t left = 0; left < 5; ++left) {
        fill_memory(left);
        EXPECT_EQ(move_heap_end(5 * kPage), 0U);
        EXPECT_EQ(page_allocator.free_pages(), left);
        EXPECT_EQ(heap_end(), kHeap + 10);
        EXPECT_FALSE(is_mapped(kHeap + kPage));
        EXPECT_EQ(read<uint32_t>(kHeap), 0x7470656BU); // "kept"
        empty_memory();
        expect_agreement();
    }
    fill_memory(5);
    EXPECT_EQ(move_heap_end(5 * kPage), kHeap + 10);
    empty_memory();
}

// Into the next page table, which, once allocated, stays until the process ends.
TEST_F(UserHeapTest, OutOfMemoryForAPageTable)
{
    const ProcessId pid = enter();
    user_spaces[pid].heap_end = USER_BEGIN + kTableSpan - kPage; // as if it had grown this far
    for (uint32_t left = 0; left < 4; ++left) {
        fill_memory(left);
        EXPECT_EQ(move_heap_end(3 * kPage), 0U) << left;
        EXPECT_EQ(heap_end(), USER_BEGIN + kTableSpan - kPage);
        EXPECT_EQ(page_allocator.free_pages(), left < 3 ? left : left - 1);
        EXPECT_FALSE(is_mapped(heap_end()));
        empty_memory();
    }
    EXPECT_EQ(move_heap_end(3 * kPage), USER_BEGIN + kTableSpan - kPage);
    EXPECT_TRUE(is_user_range(USER_BEGIN + kTableSpan - kPage, 3 * kPage, true));
}

TEST_F(UserHeapTest, PortsThatExist)
{
    const ProcessId pid = enter();
    const arch::UserRegisters &registers = user_registers[pid];
    const uint32_t pages = page_allocator.free_pages();
    for (const auto &[first, count] : {std::pair{0x10000U, 0U},
                                       {0x10000U, 1U},
                                       {0xFFFFU, 2U},
                                       {0U, 0x10001U},
                                       {1U, 0x10000U},
                                       {5U, 0xFFFFFFFFU},
                                       {0xFFFFFFFFU, 1U},
                                       {0xFFFFFFFFU, 2U}})
        EXPECT_FALSE(permit_ports(first, count, true)) << first << " + " << count;
    EXPECT_EQ(registers.ports, nullptr);
    EXPECT_EQ(page_allocator.free_pages(), pages);
    EXPECT_TRUE(permit_ports(0x3F9, 15, true));
    EXPECT_TRUE(permit_ports(0xFFFF, 1, true));
    EXPECT_TRUE(permit_ports(0x400, 2, false));
    EXPECT_TRUE(permit_ports(0x401, 0, true));
    EXPECT_EQ(user_machine.port_loads, 1U) << "the map is used where it is";
    for (uint32_t port = 0; port < 0x10000; ++port) {
        const bool open = (port >= 0x3F9 && port < 0x408 && port != 0x400 && port != 0x401) || port == 0xFFFF;
        ASSERT_EQ((registers.ports[port / 8] >> port % 8 & 1) == 0, open) << port;
    }
    EXPECT_TRUE(permit_ports(0, 0x10000, true));
    EXPECT_TRUE(permit_ports(0, 0x10000, false));
    EXPECT_EQ(page_allocator.free_pages(), pages - 2);
}

TEST_F(UserHeapTest, PortsWithoutMemory)
{
    const ProcessId pid = enter();
    for (uint32_t left = 0; left < 2; ++left) {
        fill_memory(left);
        EXPECT_FALSE(permit_ports(0, 1, true));
        EXPECT_EQ(user_registers[pid].ports, nullptr);
        EXPECT_EQ(user_machine.port_loads, 0U);
        EXPECT_EQ(page_allocator.free_pages(), left);
        empty_memory();
    }
}

} // namespace
} // namespace detour
