// user_detour_stack_test.cpp - a stack pointer that is no place for a detour ends the process (R21, R24)
#include "tests/host/fake_user_world.hpp"

#include "kernel/detour/detour.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/user/detour.hpp"

#include <xinu/stackroom.h>

#include <cstdio>
#include <string>

namespace detour
{
namespace
{

using namespace fake::sample;
using arch::UserFrame;

constexpr uint32_t kCallback = kText + 0x100;
constexpr uint32_t kRecordBytes = sizeof(DetourRecord);
constexpr uint32_t kNeeded = CALLBACK_STACK_ROOM + kRecordBytes;

UserFrame frame_at(uint32_t stack_pointer)
{
    UserFrame frame;
    frame.context.fill(0x55555555);
    frame.stack_pointer = stack_pointer;
    return frame;
}

class UserDetourStackTest : public fake::UserWorld
{
protected:
    static std::string ended(const std::string &because)
    {
        return "process " + std::to_string(current()) + " (sample) ended: its " + because + "\n";
    }
    static std::string no_place(uint32_t stack_pointer, const char *why)
    {
        char text[64];
        std::snprintf(text, sizeof text, "stack pointer 0x%08x is ", stack_pointer);
        return ended(text + std::string(why));
    }

    // A process with an alarm due is at a tick, or returns from a system call.
    static void expect_end_at_tick(uint32_t stack_pointer, const std::string &because)
    {
        EXPECT_TRUE(register_alarm(process_entry(current()), fake::function_at(kCallback), 0));
        UserFrame frame = frame_at(stack_pointer);
        expect_ended([&] { user_detour_at_tick(frame); }, because);
    }
    static void expect_end_at_return(uint32_t stack_pointer, const std::string &because)
    {
        process_entry(current()).prdetour.vacation = fake::function_at(kCallback);
        UserFrame frame = frame_at(stack_pointer);
        expect_ended([&] { user_detour_at_return(frame, 0, true); }, because);
    }
};

TEST_F(UserDetourStackTest, AFullStack)
{
    const uint32_t pages = page_allocator.free_pages();
    for (const uint32_t stack_pointer : {kStack + kNeeded - 1, kStack + kRecordBytes, kStack + 1, kStack}) {
        const std::string words = "stack is too full for an event callback (512 bytes must be free)";
        enter();
        expect_end_at_tick(stack_pointer, ended(words));
        enter();
        expect_end_at_return(stack_pointer, ended(words));
    }
    EXPECT_EQ(page_allocator.free_pages(), pages);
}

TEST_F(UserDetourStackTest, AStackPointerSomewhereElse)
{
    const uint32_t bad[] = {
        0,
        1,
        kRecordBytes - 1, // the record would wrap
        kRecordBytes,
        kNeeded - 1, // the room below it would wrap
        kNeeded,
        0xFFFFFFFF,
        kText,
        kText + 0x1000, // read-only
        kWritable,      // the byte below is read-only
        kWritable + kNeeded - 1,
        kHeap + 1, // its highest byte is not mapped
        kHeap + 0x10000,
        kStack - 1, // the guard page
        USER_STACK_END + 1,
        USER_WINDOW + kNeeded, // all of them may read it
        USER_CBFMANAGER + 0x800,
        USER_BEGIN,
        USER_END,
        USER_END + kNeeded,
        fake::kMemoryBase + 0x1000, // the kernel's
    };
    for (const uint32_t stack_pointer : bad) {
        enter();
        expect_end_at_tick(stack_pointer, no_place(stack_pointer, "no place for an event callback"));
        enter();
        expect_end_at_return(stack_pointer, no_place(stack_pointer, "no place for an event callback"));
    }
}

// To the byte. A program may also have stacks of its own making, where its memory is.
TEST_F(UserDetourStackTest, AStackThatHasRoom)
{
    for (const uint32_t stack_pointer : {kStack + kNeeded, USER_STACK_END + 0U, kWritable + kNeeded, kHeap}) {
        enter();
        EXPECT_TRUE(register_alarm(process_entry(current()), fake::function_at(kCallback), 0));
        UserFrame frame = frame_at(stack_pointer);
        const InterruptGuard guard;
        user_detour_at_tick(frame);
        EXPECT_EQ(frame.stack_pointer, stack_pointer - kRecordBytes);
        end_current();
    }
}

// Nothing to run: its stack pointer is its own affair.
TEST_F(UserDetourStackTest, WithoutADetourNothingIsChecked)
{
    enter();
    const InterruptGuard guard;
    UserFrame frame = frame_at(0);
    user_detour_at_tick(frame);
    EXPECT_EQ(user_detour_at_return(frame, 4, true), 4U);
    EXPECT_EQ(frame.stack_pointer, 0U);
}

TEST_F(UserDetourStackTest, CbnextWhereNoRecordCanBeRead)
{
    for (const uint32_t bad : {0U, kHeap - kRecordBytes + 1, kStack - 1, USER_STACK_END - kRecordBytes + 1,
                               USER_END - 1U, USER_END + 0U, 0xFFFFFFFFU, fake::kMemoryBase}) {
        enter();
        UserFrame frame = frame_at(bad);
        expect_ended([&] { next_user_callback(frame); }, no_place(bad, "not where its event callback began"));
    }
}

// Text that looks like a record with a second callback: it can be read, but the end of the first cannot be noted in it.
TEST_F(UserDetourStackTest, CbnextWhereNoRecordCanBeWritten)
{
    enter();
    UserFrame frame = frame_at(kText);
    expect_ended([&] { next_user_callback(frame); }, no_place(kText, "not where its event callback began"));
}

// What a process writes over its own record harms only itself.
TEST_F(UserDetourStackTest, ARecordOverwritten)
{
    const ProcessId pid = enter();
    EXPECT_TRUE(register_alarm(process_entry(pid), fake::function_at(kCallback), 0));
    UserFrame frame = frame_at(USER_STACK_END);
    const InterruptGuard guard;
    user_detour_at_tick(frame);
    for (uint32_t at = frame.stack_pointer; at < USER_STACK_END; ++at)
        byte_of(pid, at) = '\xFF';
    EXPECT_EQ(next_user_callback(frame), 0xFFFFFFFFU);
    EXPECT_EQ(next_user_callback(frame), 0xFFFFFFFFU);
    EXPECT_EQ(next_user_callback(frame), 0xFFFFFFFFU); // the context
    EXPECT_EQ(process_entry(pid).prdetour.running, 0);
    EXPECT_EQ(process_entry(pid).prring, 3);
    expect_agreement();
}

TEST_F(UserDetourStackTest, CbnextWithoutADetourChangesNothingOfTheKernel)
{
    const ProcessId pid = enter();
    const uint32_t pages = page_allocator.free_pages();
    EXPECT_TRUE(register_alarm(process_entry(pid), fake::function_at(kCallback), 100));
    UserFrame frame = frame_at(USER_STACK_END - 0x200);
    EXPECT_EQ(next_user_callback(frame), 0U) << "zeroes look like the end of a detour";
    EXPECT_EQ(frame.stack_pointer, USER_STACK_END - 0x200 + kRecordBytes);
    EXPECT_EQ(process_entry(pid).pralarmreg, 1);
    EXPECT_EQ(process_entry(pid).prdetour.running, 0);
    EXPECT_EQ(page_allocator.free_pages(), pages);
    expect_agreement();
}

} // namespace
} // namespace detour
