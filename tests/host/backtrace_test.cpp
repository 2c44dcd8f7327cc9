// backtrace_test.cpp - stacks in order, broken in every way, and random
#include "kernel/backtrace.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace
{

using detour::FrameWalk;
using State = detour::FrameWalk::State;

constexpr uint32_t kLow = 0x200000;

// The address of a word of the test's stack.
constexpr uint32_t at(uint32_t index)
{
    return kLow + index * 4;
}

// A stack of 16 words with frames at words 2, 5 and 11, the last one's EBP being the base.
class Stack
{
public:
    Stack() : words(16, 0xDEADBEEF)
    {
        put_frame(2, at(5), 0x1004);
        put_frame(5, at(11), 0x1044);
        put_frame(11, at(16), 0x1080);
    }

    void put_frame(uint32_t index, uint32_t link, uint32_t return_address)
    {
        words[index] = link;
        words[index + 1] = return_address;
    }

    detour::StackView view() const { return {kLow, words}; }

    // The return addresses found from this EBP, and how the walk ended.
    std::vector<uint32_t> walk(uint32_t ebp)
    {
        std::vector<uint32_t> found;
        FrameWalk frames(view(), ebp);
        while (const auto frame = frames.next()) {
            EXPECT_EQ(words[(frame->address - kLow) / 4 + 1], frame->return_address);
            found.push_back(frame->return_address);
        }
        EXPECT_FALSE(frames.next().has_value());
        end = frames.state();
        return found;
    }

    std::vector<uint32_t> words;
    State end = State::kWalking;
};

using Addresses = std::vector<uint32_t>;

TEST(Backtrace, WalksToTheBase)
{
    Stack stack;
    EXPECT_EQ(stack.walk(at(2)), (Addresses{0x1004, 0x1044, 0x1080}));
    EXPECT_EQ(stack.end, State::kComplete);
    EXPECT_EQ(stack.walk(at(16)), Addresses{});
    EXPECT_EQ(stack.end, State::kComplete);
}

TEST(Backtrace, EndsAtEbpZeroOfBoot)
{
    Stack stack;
    stack.words[5] = 0;
    EXPECT_EQ(stack.walk(at(2)), (Addresses{0x1004, 0x1044}));
    EXPECT_EQ(stack.end, State::kComplete);
}

TEST(Backtrace, StopsWhereTheChainBreaks)
{
    const std::vector<uint32_t> wrong = {
        at(11) + 1, at(11) + 2, at(5),     at(2),      at(6), // unaligned, loop, down, overlap
        at(15),     at(17),     at(0) - 4, 0xFFFFFFFC, 4,     0xFFFFFFFF};
    for (const uint32_t link : wrong) {
        Stack stack;
        stack.words[5] = link;
        EXPECT_EQ(stack.walk(at(2)), (Addresses{0x1004, 0x1044})) << std::hex << link;
        EXPECT_EQ(stack.end, State::kBroken) << std::hex << link;
    }
    Stack stack;
    for (const uint32_t start : {at(0) - 4, at(15), at(17), at(2) + 3, 0xFFFFFFF8U}) {
        EXPECT_EQ(stack.walk(start), Addresses{});
        EXPECT_EQ(stack.end, State::kBroken);
    }
}

TEST(Backtrace, ReadsNothingOfAnEmptyOrTinyStack)
{
    const std::vector<uint32_t> word(1);
    for (const size_t size : {0U, 1U}) {
        FrameWalk frames({kLow, std::span(word).first(size)}, kLow + 8);
        EXPECT_FALSE(frames.next().has_value());
        EXPECT_EQ(frames.state(), State::kBroken);
    }
}

TEST(Backtrace, GivesUpAtItsDepth)
{
    std::vector<uint32_t> words;
    for (uint32_t i = 0; i < FrameWalk::kMaxDepth + 1; ++i) {
        words.push_back(at(2 * i + 2));
        words.push_back(i);
    }
    FrameWalk deep({kLow, words}, kLow);
    unsigned frames = 0;
    while (deep.next())
        ++frames;
    EXPECT_EQ(frames, FrameWalk::kMaxDepth);
    EXPECT_EQ(deep.state(), State::kTooDeep);

    FrameWalk fits({kLow, words}, at(2));
    while (fits.next()) {
    }
    EXPECT_EQ(fits.state(), State::kComplete);
}

// The stack is a heap block of exact size, so that a read outside is an error to the sanitizer.
TEST(Backtrace, NeverLeavesARandomStack)
{
    std::mt19937 random(7);
    const auto any_link = [&](uint32_t words) -> uint32_t {
        switch (random() % 8) {
        case 0:
            return random();
        case 1:
            return kLow + random() % (4 * words + 16) - 8;
        default:
            return at(random() % (words + 2));
        }
    };
    unsigned complete = 0;
    unsigned longest = 0;
    for (int round = 0; round < 100'000; ++round) {
        const uint32_t size = random() % 24;
        std::vector<uint32_t> words(size);
        for (auto &word : words)
            word = any_link(size);
        FrameWalk frames({kLow, words}, any_link(size));
        unsigned depth = 0;
        uint32_t above = 0;
        while (const auto frame = frames.next()) {
            ASSERT_GE(frame->address, std::max(above, kLow));
            ASSERT_LE(frame->address + 8, at(size));
            above = frame->address + 8;
            ++depth;
        }
        ASSERT_NE(frames.state(), State::kWalking);
        complete += frames.state() == State::kComplete;
        longest = std::max(longest, depth);
    }
    EXPECT_GT(complete, 1000U);
    EXPECT_GT(longest, 4U);
}

TEST(Backtrace, PrintsNamesAndHowItEnded)
{
    static constexpr detour::SymbolEntry kEntries[] = {{0x1000, 0}, {0x1040, 8}};
    const detour::SymbolTable symbols(kEntries, "resched\0main", 0x1080);
    std::string text;
    const detour::Sink sink{[](void *context, char c) { *static_cast<std::string *>(context) += c; }, &text};

    Stack stack;
    print_backtrace(sink, symbols, stack.view(), 0x1002, at(2));
    EXPECT_EQ(text, "  0x00001002  resched+0x2\n"
                    "  0x00001004  resched+0x4\n"
                    "  0x00001044  main+0x4\n"
                    "  0x00001080  ?\n");
    text.clear();
    stack.words[2] = 0x11;
    print_backtrace(sink, symbols, stack.view(), 0, at(2));
    EXPECT_EQ(text, "  0x00000000  ?\n"
                    "  0x00001004  resched+0x4\n"
                    "  (the chain of frames breaks at EBP 0x00000011)\n");
}

// The frames of clkhandler() (2) and of a callback (14) lead across interrupt frames. The callback stands
// below claimed words: none to two.
TEST(Backtrace, ShowsWhereTheProcessWasInterrupted)
{
    static constexpr detour::SymbolEntry kEntries[] = {{0x1000, 0}};
    const detour::SymbolTable symbols(kEntries, "f", 0x9000);
    std::string text;
    const detour::Sink sink{[](void *context, char c) { *static_cast<std::string *>(context) += c; }, &text};
    const auto print_stack = [&](const Stack &stack) {
        text.clear();
        print_backtrace(sink, symbols, stack.view(), 0x1001, at(2));
        return text;
    };
    for (const uint32_t claimed : {0U, 1U, 2U, 3U}) {
        Stack stack;
        stack.words.assign(64, 0);
        stack.put_frame(2, at(20), 0x2000);
        stack.words[4 + 3] = at(4 + 8);
        stack.words[4 + 8] = 0x3000;
        stack.words[4 + 10] = 0x206;
        stack.put_frame(20, at(50), 0x4000);
        const uint32_t frame = 22 + claimed;
        stack.words[frame + 3] = at(frame + 8);
        stack.words[frame + 8] = 0x5000;
        stack.words[frame + 10] = 0x246;
        stack.put_frame(50, at(64), 0x6000);
        const std::string second = claimed <= 2 ? "  0x00005000  f+0x4000\n" : "";
        EXPECT_EQ(print_stack(stack), "  0x00001001  f+0x1\n"
                                      "  0x00002000  f+0x1000\n"
                                      "  0x00003000  f+0x2000\n"
                                      "  0x00004000  f+0x3000\n" +
                                          second + "  0x00006000  f+0x5000\n");
        stack.words[4 + 10] = 0x204; // no EFLAGS
        EXPECT_EQ(print_stack(stack).find("0x00003000"), std::string::npos);
    }
}

// A callback calls a function: between that function's frame and the interrupt's lies the callback's own.
TEST(Backtrace, TakesAFrameForNoClaimedWords)
{
    Stack stack;
    stack.words.assign(32, 0);
    stack.put_frame(0, at(2), 0x2000);
    stack.put_frame(2, at(20), 0x4000);
    stack.words[4 + 3] = at(4 + 8);
    stack.words[4 + 8] = 0x5000;
    stack.words[4 + 10] = 0x206;
    stack.put_frame(20, at(32), 0x6000);
    std::string text;
    const detour::Sink sink{[](void *context, char c) { *static_cast<std::string *>(context) += c; }, &text};
    print_backtrace(sink, detour::SymbolTable({}, "", 0), stack.view(), 0x1000, at(0));
    EXPECT_EQ(text, "  0x00001000  ?\n  0x00002000  ?\n  0x00004000  ?\n  0x00005000  ?\n  0x00006000  ?\n");
}

// An interrupt frame that seems to reach beyond the stack's end is none.
TEST(Backtrace, ReadsNoInterruptFrameOutside)
{
    for (uint32_t size = 14; size <= 16; ++size) {
        std::vector<uint32_t> words(size, 2);
        words[0] = at(size);
        words[1] = 0x1004;
        words[2 + 3] = at(2 + 8);
        words[2 + 4 + 3] = at(2 + 4 + 8);
        std::string text;
        const detour::Sink sink{[](void *context, char c) { *static_cast<std::string *>(context) += c; },
                                &text};
        print_backtrace(sink, detour::SymbolTable({}, "", 0), {kLow, words}, 0, kLow);
        EXPECT_NE(text.find("0x00000002"), std::string::npos); // a frame of eleven words fits
    }
}

} // namespace
