// user_memory_test.cpp - every edge of what ring 3 may pass as a pointer
#include "tests/host/fake_user_world.hpp"

#include "kernel/sched/address_space.hpp"
#include "kernel/sched/window.hpp"
#include "kernel/user/access.hpp"
#include "kernel/user/space.hpp"

#include <string>

namespace detour
{
namespace
{

using namespace fake::sample;

constexpr uint32_t kPage = kPageBytes;

class UserMemoryTest : public fake::UserWorld
{
protected:
    static uint32_t directory() { return user_registers[current()].directory; }

    // Three pages of heap, of which the middle one is unmapped or made read-only.
    static void make_heap_with_hole(bool read_only)
    {
        ASSERT_EQ(move_heap_end(3 * kPage), kHeap);
        const uint32_t middle = arch::user_page(directory(), kHeap + kPage, true);
        if (read_only)
            arch::map_user_page(directory(), kHeap + kPage, middle, false);
        else
            arch::unmap_user_page(directory(), kHeap + kPage);
    }

    static std::string text_at(uint32_t address, uint32_t room)
    {
        std::string text(room, '?');
        const auto length = copy_string_from_user(text, address);
        return length ? std::to_string(*length) + ":" + text.substr(0, *length) : "bad";
    }
};

TEST_F(UserMemoryTest, RangesAtEveryEdge)
{
    struct Case {
        uint32_t address, bytes;
        bool readable, writable;
    };
    const Case cases[] = {
        {kText, 1, true, false},
        {kText, kWritable - kText, true, false},
        {kWritable - 1, 1, true, false},
        {kWritable - 1, 2, true, false}, // from a read-only page into a writable one
        {kWritable, 1, true, true},
        {kWritable, kHeap - kWritable, true, true},
        {kWritable, kHeap - kWritable + 1, false, false},
        {kHeap - 1, 1, true, true},
        {kHeap - 1, 2, false, false},
        {kHeap, 1, false, false},
        {kText, kHeap - kText, true, false},
        {USER_BEGIN - 1, 1, false, false},
        {USER_BEGIN - 1, 2, false, false},
        {kStack, USER_STACK_BYTES, true, true},
        {kStack - 1, 1, false, false}, // the guard
        {kStack - 1, 2, false, false},
        {USER_STACK_END - 1, 2, false, false},
        {USER_WINDOW, sizeof(Window), true, false},
        {USER_WINDOW, sizeof(Window) + 1, false, false},
        {USER_WINDOW - 1, 2, false, false},
        {USER_CBFMANAGER, kPage, true, false},
        {USER_CBFMANAGER, kPage + 1, false, false},
        {USER_END - 1, 1, true, false},
        {USER_END - 1, 2, false, false},
        {USER_END, 1, false, false},
        {0, 1, false, false}, // the kernel's
        {fake::kMemoryBase, 4, false, false},
        {0xFFFFFFFF, 1, false, false},
        {0, 0xFFFFFFFF, false, false}, // that wrap, or would
        {0xFFFFFFFF, 2, false, false},
        {0xFFFFFFFF, 0xFFFFFFFF, false, false},
        {kWritable, 0xFFFFFFFF, false, false},
        {kWritable, 0U - kWritable, false, false},
        {kWritable, 1U - kWritable, false, false},
        {kWritable + 8, 0U - 8, false, false},
        {USER_END - 1, 0xFFFFFFFF, false, false},
        {USER_BEGIN, USER_END - USER_BEGIN, false, false},
    };
    enter();
    for (const Case &each : cases) {
        EXPECT_EQ(is_user_range(each.address, each.bytes, false), each.readable) << &each - cases;
        EXPECT_EQ(is_user_range(each.address, each.bytes, true), each.writable) << &each - cases;
        EXPECT_TRUE(is_user_range(each.address, 0, true));
    }
}

TEST_F(UserMemoryTest, OnePageInTheMiddleThatIsMissing)
{
    enter();
    make_heap_with_hole(false);
    EXPECT_TRUE(is_user_range(kHeap, kPage, true));
    EXPECT_FALSE(is_user_range(kHeap, kPage + 1, false));
    EXPECT_FALSE(is_user_range(kHeap, 3 * kPage, false));
    EXPECT_FALSE(is_user_range(kHeap + 2 * kPage - 1, 2, false));
    EXPECT_TRUE(is_user_range(kHeap + 2 * kPage, kPage, true));
}

TEST_F(UserMemoryTest, OnePageInTheMiddleThatIsReadOnly)
{
    enter();
    make_heap_with_hole(true);
    EXPECT_TRUE(is_user_range(kHeap, 3 * kPage, false));
    EXPECT_FALSE(is_user_range(kHeap, 3 * kPage, true));
    EXPECT_FALSE(is_user_range(kHeap + kPage - 1, 2, true));
    EXPECT_FALSE(is_user_range(kHeap + 2 * kPage - 1, 2, true));
}

TEST_F(UserMemoryTest, RingZeroHasNoUserMemory)
{
    enter();
    create_current(40);
    EXPECT_FALSE(is_user_range(kWritable, 1, false));
    EXPECT_TRUE(is_user_range(kWritable, 0, false));
    EXPECT_EQ(text_at(kWritable, 4), "bad");
}

TEST_F(UserMemoryTest, CopiesAcrossPages)
{
    enter();
    const uint32_t begin = kHeap - kPage - 3;
    const std::string text(kPage + 2, 'x');
    write_text(begin - 1, "<" + text + ">");
    std::string copy(kPage + 2, '?');
    EXPECT_TRUE(copy_from_user(std::as_writable_bytes(std::span(copy)), begin));
    EXPECT_EQ(copy, text);
    std::fill(copy.begin(), copy.end(), 'y');
    EXPECT_TRUE(copy_to_user(begin, std::as_bytes(std::span(copy))));
    EXPECT_EQ(byte_of(current(), begin - 1), '<');
    EXPECT_EQ(byte_of(current(), begin), 'y');
    EXPECT_EQ(byte_of(current(), kHeap - 2), 'y');
    EXPECT_EQ(byte_of(current(), kHeap - 1), '>');
    EXPECT_FALSE(copy_to_user(begin + 2, std::as_bytes(std::span(text))));
    EXPECT_EQ(byte_of(current(), begin + 2), 'y') << "not a byte of it";
}

TEST_F(UserMemoryTest, ObjectsCopyWholeOrNotAtAll)
{
    enter();
    uint32_t word = 0x12345678;
    EXPECT_TRUE(write_user(kHeap - 4, word));
    word = 0;
    EXPECT_TRUE(read_user(word, kHeap - 4));
    EXPECT_EQ(word, 0x12345678U);
    for (const uint32_t bad : {kHeap - 3, kHeap, 0U, 0xFFFFFFFEU, USER_END - 3, fake::kMemoryBase}) {
        EXPECT_FALSE(read_user(word, bad));
        EXPECT_FALSE(write_user(bad, word));
    }
    EXPECT_FALSE(write_user(kText, word));
    EXPECT_FALSE(write_user(kWritable - 2, word));
    EXPECT_FALSE(write_user(USER_WINDOW, word));
    EXPECT_FALSE(write_user(USER_CBFMANAGER, word));
    EXPECT_EQ(word, 0x12345678U);
    EXPECT_EQ(read<uint32_t>(kHeap - 4), 0x12345678U);
}

TEST_F(UserMemoryTest, Strings)
{
    enter();
    write_text(kHeap - 4, std::string_view("end\0", 4)); // its NUL is the last byte that there is
    EXPECT_EQ(text_at(kHeap - 4, 16), "3:end");
    EXPECT_EQ(text_at(kHeap - 1, 16), "0:");
    write_text(kHeap - kPage - 2, std::string_view("cross\0", 6));
    EXPECT_EQ(text_at(kHeap - kPage - 2, 16), "5:cross");
    EXPECT_EQ(text_at(kHeap - kPage - 2, 6), "5:cross");
    EXPECT_EQ(text_at(kHeap - kPage - 2, 5), "5:cross") << "cut: the length is the room";
    EXPECT_EQ(text_at(kHeap - kPage - 2, 3), "3:cro");
    EXPECT_EQ(text_at(kHeap - kPage - 2, 2), "2:cr");
    EXPECT_EQ(text_at(kHeap - kPage - 2, 0), "0:");
    EXPECT_EQ(text_at(kText, 3).substr(0, 2), "3:") << "constants are readable";
}

TEST_F(UserMemoryTest, StringsThatLeadOutOfTheProcess)
{
    enter();
    write_text(kHeap - 4, "open");
    EXPECT_EQ(text_at(kHeap - 4, 16), "bad");
    EXPECT_EQ(text_at(kHeap - 4, 5), "bad");
    EXPECT_EQ(text_at(kHeap - 4, 4), "4:open") << "cut just before";
    write_text(USER_STACK_END - 4, "open");
    EXPECT_EQ(text_at(USER_STACK_END - 4, 16), "bad");
    for (const uint32_t bad : {0U, 1U, kText - 1, kHeap, kStack - 1, USER_END, 0xFFFFFFFFU})
        EXPECT_EQ(text_at(bad, 16), "bad") << std::hex << bad;
    *fake::memory_at(arch::return_page() + kPage - 1) = 'x';
    EXPECT_EQ(text_at(USER_END - 1, 16), "bad");
    EXPECT_EQ(text_at(USER_END - 1, 1), "1:x");
}

} // namespace
} // namespace detour
