// user_space_test.cpp - the pages of a ring-3 process: what lies where, and that all of them are freed
#include "tests/host/fake_user_world.hpp"

#include "kernel/base/ways_out.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/sched/window.hpp"
#include "kernel/user/space.hpp"

#include <vector>

namespace detour
{
namespace
{

using namespace fake::sample;
using fake::user_machine;

constexpr uint32_t kPage = kPageBytes;

class UserSpaceTest : public fake::UserWorld
{
protected:
    static const fake::AddressSpace &space_of(ProcessId pid)
    {
        return user_machine.spaces.at(user_registers[pid].directory);
    }

    static void expect_page(ProcessId pid, uint32_t address, bool writable)
    {
        const auto page = space_of(pid).pages.find(address);
        ASSERT_NE(page, space_of(pid).pages.end()) << std::hex << address;
        EXPECT_EQ(page->second.writable, writable) << std::hex << address;
    }

    // The bytes from the file, and zeroes before and behind them up to the bounds of their pages.
    static void expect_contents(ProcessId pid, uint32_t address, uint32_t file_bytes, uint32_t file_offset,
                                uint32_t end)
    {
        for (uint32_t at = address / kPage * kPage; at < (end + kPage - 1) / kPage * kPage; ++at) {
            const bool from_file = at >= address && at < address + file_bytes;
            const uint8_t expected = from_file ? content(file_offset + (at - address)) : 0;
            ASSERT_EQ(static_cast<uint8_t>(byte_of(pid, at)), expected) << std::hex << at;
        }
    }

    // Marks all free memory, so that pages that are not cleared are noticed.
    static void dirty_memory()
    {
        for (;;) {
            const uint32_t page = page_allocator.allocate(1, FrameKind::kUserPage, kNullProcess);
            if (page == 0)
                break;
            std::memset(fake::memory_at(page * kPage), 0xEE, kPage);
        }
        empty_memory();
    }

    static void end(ProcessId pid)
    {
        const InterruptGuard guard;
        end_process(pid);
        release_remains(false);
    }

    // The process table without what every attempt may change: the serial numbers of lives.
    static std::vector<uint16> states()
    {
        std::vector<uint16> result;
        for (ProcessId pid = 0; pid < NPROC; ++pid)
            result.push_back(process_entry(pid).prstate);
        return result;
    }
};

TEST_F(UserSpaceTest, SegmentsLieWhereTheFileSays)
{
    dirty_memory();
    const ProcessId pid = start();
    expect_contents(pid, kText, kTextBytes, kTextOffset, kText + kTextBytes);
    expect_contents(pid, kConstants, kConstantBytes, kConstantOffset, kConstants + kConstantBytes);
    expect_contents(pid, kData, kDataFileBytes, kDataOffset, kData + kDataBytes);
    expect_contents(pid, kStack, 0, 0, USER_STACK_END - kPage); // on top lie the arguments
    const UserSpace &space = user_spaces[pid];
    EXPECT_EQ(space.program, &program);
    EXPECT_EQ(space.code.begin, kText);
    EXPECT_EQ(space.code.end, kText + kTextBytes);
    EXPECT_EQ(space.heap_begin, kHeap);
    EXPECT_EQ(space.heap_end, kHeap);
    EXPECT_EQ(user_registers[pid].ports, nullptr);
}

TEST_F(UserSpaceTest, WhatMayBeWritten)
{
    const ProcessId pid = start();
    size_t pages = 0;
    for (uint32_t address = kText; address < kHeap; address += kPage, ++pages)
        expect_page(pid, address, address >= kWritable);
    for (uint32_t address = kStack; address < USER_STACK_END; address += kPage, ++pages)
        expect_page(pid, address, true);
    for (uint32_t offset = 0; offset < sizeof window; offset += kPage, ++pages)
        expect_page(pid, USER_WINDOW + offset, false);
    expect_page(pid, USER_CBFMANAGER, false);
    EXPECT_EQ(space_of(pid).pages.size(), pages + 1) << "and nothing else";
    EXPECT_EQ(highest_stack_page(pid), space_of(pid).pages.at(USER_STACK_END - kPage).physical);
}

TEST_F(UserSpaceTest, TheWindowAndTheReturnPageAreShared)
{
    const ProcessId pids[] = {start(), start()};
    for (const ProcessId pid : pids) {
        EXPECT_EQ(&byte_of(pid, USER_WINDOW), reinterpret_cast<char *>(&window));
        EXPECT_EQ(&byte_of(pid, USER_WINDOW_TABLE), reinterpret_cast<char *>(window.table));
        EXPECT_EQ(space_of(pid).pages.at(USER_CBFMANAGER).physical, arch::return_page());
    }
    EXPECT_NE(&byte_of(pids[0], kText), &byte_of(pids[1], kText));
    expect_agreement(); // no other page is shared
}

TEST_F(UserSpaceTest, EveryPageComesBack)
{
    const uint32_t pages = page_allocator.free_pages();
    for (int round = 0; round < 2 * NPROC; ++round) {
        const ProcessId pid = start();
        EXPECT_LT(page_allocator.free_pages(), pages);
        end(pid);
        ASSERT_EQ(page_allocator.free_pages(), pages);
        EXPECT_EQ(user_registers[pid].directory, 0U);
    }
    EXPECT_TRUE(user_machine.spaces.empty());
}

TEST_F(UserSpaceTest, EveryPageOfACurrentProcessComesBack)
{
    const uint32_t pages = page_allocator.free_pages();
    enter();
    EXPECT_NE(move_heap_end(5 * kPage + 1), 0U);
    const InterruptGuard guard;
    EXPECT_TRUE(permit_ports(0x60, 5, true));
    expect_ended([] { end_current_process(); }, "");
    EXPECT_EQ(page_allocator.free_pages(), pages);
    EXPECT_EQ(loaded_directory, 0U);
}

// Every allocation on the way fails once: with no page left, with one, and so on.
TEST_F(UserSpaceTest, OutOfMemoryAtEachAllocation)
{
    const uint32_t pages = page_allocator.free_pages();
    const ProcessId first = start();
    const uint32_t needed = pages - page_allocator.free_pages();
    end(first);
    const std::vector<uint16> before = states();
    const Arguments none;
    for (uint32_t left = 0; left < needed; ++left) {
        fill_memory(left);
        const InterruptGuard guard;
        EXPECT_EQ(begin_user_process({&program, 30, 0, &none}), kNoProcess) << left;
        release_remains(false);
        EXPECT_EQ(page_allocator.free_pages(), left);
        empty_memory();
        ASSERT_EQ(page_allocator.free_pages(), pages) << left;
        EXPECT_EQ(states(), before);
        EXPECT_EQ(prcount, 2);
        EXPECT_TRUE(user_machine.spaces.empty());
        EXPECT_TRUE(fake::machine.console.empty());
        expect_agreement();
    }
    fill_memory(needed);
    const ProcessId pid = start();
    EXPECT_EQ(page_allocator.free_pages(), 0U);
    expect_agreement();
    end(pid);
    empty_memory();
    EXPECT_EQ(page_allocator.free_pages(), pages);
}

TEST_F(UserSpaceTest, TheCpuUsesThePagesOfTheCurrentProcess)
{
    const ProcessId first = enter(10);
    EXPECT_EQ(user_machine.loaded, &user_registers[first]);
    EXPECT_EQ(user_machine.kernel_stack, process_entry(first).prstkbase);
    const ProcessId second = enter(11);
    EXPECT_EQ(user_machine.loaded, &user_registers[second]);
    create_current(40);
    EXPECT_EQ(user_machine.loaded, nullptr);
    end(second); // another process's pages
    EXPECT_EQ(user_machine.loaded, nullptr);
    block(PR_SUSP);
    EXPECT_EQ(currpid, first);
    EXPECT_EQ(user_machine.loaded, &user_registers[first]);
}

} // namespace
} // namespace detour
