// frame_chain_test.cpp - stacks in order, broken in every way, and random
#include "kernel/unwind/frame_chain.hpp"

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

} // namespace
