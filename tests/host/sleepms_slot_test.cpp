// sleepms_slot_test.cpp - R13, R14: the search for sleepms()'s return address on a captured stack, whole and corrupted
#include "tests/host/fake_types.hpp"

#include "kernel/detour/sleepms_slot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>

namespace detour
{
namespace
{

// The code of the kernel that the stack was captured from.
constexpr CodeRange kResched{0x00100b40, 0x00100e1c};
constexpr CodeRange kSleepms{0x00100e1c, 0x00100ea7};

// The stack of a process in sleepms(50), from its saved stack pointer up; STACKMAGIC stands at 0x00241ffc.
constexpr uint32_t kStackPointer = 0x00241f7c;
constexpr uint32_t kStackBase = 0x00241ffc;
constexpr std::array<uint32_t, 32> kCaptured{
    0x00000000, // 241f7c  EDI
    0x00000001, // 241f80  ESI
    0x00241fa0, // 241f84  EBP: ctxsw's frame
    0x00241f9c, // 241f88  ESP
    0x0013aa3c, // 241f8c  EBX
    0x00000001, // 241f90  EDX
    0x00000002, // 241f94  ECX
    0x0013a9e0, // 241f98  EAX
    0x00000006, // 241f9c  EFLAGS
    0x00241fcc, // 241fa0  saved EBP: resched's frame
    0x00100c8e, // 241fa4  return address of ctxsw: resched + 334
    0x0013aa3c, // 241fa8  arguments of ctxsw
    0x0013a9e0, // 241fac
    0x00000001, // 241fb0  resched's variables and saved registers
    0x00000014, // 241fb4
    0x00000000, // 241fb8
    0x00000001, // 241fbc
    0x00000200, // 241fc0
    0x00241fe8, // 241fc4
    0xffffffff, // 241fc8
    0x00241fe8, // 241fcc  saved EBP: sleepms's frame
    0x00100e7b, // 241fd0  return address of resched: sleepms + 91
    0x00000004, // 241fd4  sleepms's variables and saved registers
    0x00000032, // 241fd8
    0x00000000, // 241fdc
    0x00000000, // 241fe0
    0x00000000, // 241fe4
    0x00241ff4, // 241fe8  saved EBP: the frame of the process's first function
    0x00108b18, // 241fec  return address of sleepms: the slot
    0x00000032, // 241ff0  argument of sleepms
    0x00241ffc, // 241ff4  saved EBP: the stack's base
    0x00107600, // 241ff8  return address of the first function: userret
};
constexpr uint32_t kSlot = 0x00241fec;
constexpr uint32_t kLinkToReschedFrame = 0x00241fa0;
constexpr uint32_t kLinkToSleepmsFrame = 0x00241fcc;

// A copy in memory of exactly its size, so that AddressSanitizer sees every read outside it.
class Stack
{
public:
    explicit Stack(size_t words = kCaptured.size()) : size_(words), words_(new uint32_t[words])
    {
        std::copy(kCaptured.end() - static_cast<std::ptrdiff_t>(words), kCaptured.end(), words_.get());
    }

    uint32_t low() const { return kStackBase - static_cast<uint32_t>(size_ * 4); }
    uint32_t &at(uint32_t address) { return words_[(address - low()) / 4]; }
    uint32_t find(uint32_t stack_pointer = kStackPointer) const
    {
        return find_sleepms_slot({low(), {words_.get(), size_}}, stack_pointer, kResched, kSleepms);
    }

private:
    size_t size_;
    std::unique_ptr<uint32_t[]> words_;
};

// What a stray write might leave there: addresses of the stack, of the code, and anything else.
uint32_t wrong_value(std::mt19937 &random)
{
    switch (random() % 4) {
    case 0:
        return kStackPointer - 16 + random() % (sizeof kCaptured + 32);
    case 1:
        return kStackPointer + 4 * (random() % kCaptured.size());
    case 2:
        return kResched.begin - 16 + random() % (kSleepms.end - kResched.begin + 32);
    default:
        return static_cast<uint32_t>(random());
    }
}

TEST(SleepmsSlot, IsFoundOnACapturedStack)
{
    EXPECT_EQ(Stack().find(), kSlot);
}

TEST(SleepmsSlot, NeedsEachReturnAddressInsideItsFunction)
{
    for (const auto &[address, range] :
         {std::pair{kLinkToReschedFrame + 4, kResched}, std::pair{kLinkToSleepmsFrame + 4, kSleepms}}) {
        for (const uint32_t good : {range.begin, range.end - 1}) {
            Stack stack;
            stack.at(address) = good;
            EXPECT_EQ(stack.find(), kSlot);
        }
        for (const uint32_t wrong : {range.begin - 1, range.end, 0U, 0xFFFFFFFFU, kSlot}) {
            Stack stack;
            stack.at(address) = wrong;
            EXPECT_EQ(stack.find(), 0U) << std::hex << address << " " << wrong;
        }
    }
}

TEST(SleepmsSlot, IsNotFoundOnAChainThatLeavesTheStackOrTurnsBack)
{
    for (const uint32_t link : {kLinkToReschedFrame, kLinkToSleepmsFrame}) {
        for (const uint32_t wrong : {0U, link, link + 4, link - 4, kStackPointer, kStackPointer - 4, kStackBase,
                                     kStackBase - 4, kStackBase + 4, 0xFFFFFFFCU, kSlot - 3, kSlot - 2}) {
            Stack stack;
            stack.at(link) = wrong;
            EXPECT_EQ(stack.find(), 0U) << std::hex << link << " " << wrong;
        }
    }
}

TEST(SleepmsSlot, NeedsASavedStackPointerOnTheStack)
{
    for (uint32_t sp = kStackPointer - 100; sp < kStackBase + 100; ++sp)
        EXPECT_EQ(Stack().find(sp), sp == kStackPointer ? kSlot : 0U) << std::hex << sp;
    for (const uint32_t sp : {0U, 1U, 0x7FFFFFFFU, 0xFFFFFFDCU, 0xFFFFFFFFU, kStackPointer + 0x80000000U})
        EXPECT_EQ(Stack().find(sp), 0U) << std::hex << sp;
}

TEST(SleepmsSlot, NeedsTheWholeChainOnTheStack)
{
    for (size_t words = 0; words < kCaptured.size(); ++words) {
        const Stack stack(words); // the lowest are missing
        EXPECT_EQ(stack.find(), 0U) << words;
        EXPECT_EQ(stack.find(stack.low()), 0U) << words;
    }
}

// One word overwritten: the slot is the same or there is none. The exception is the last link, which alone tells where
// sleepms's frame is: what it leads to is at least a frame above resched's.
TEST(SleepmsSlot, SurvivesAnySingleCorruptWord)
{
    std::mt19937 random(3);
    for (uint32_t address = kStackPointer; address < kStackBase; address += 4) {
        for (int i = 0; i < 20000; ++i) {
            Stack stack;
            stack.at(address) = wrong_value(random);
            const uint32_t found = stack.find();
            if (found == 0 || found == kSlot)
                continue;
            ASSERT_EQ(address, kLinkToSleepmsFrame) << std::hex << stack.at(address);
            ASSERT_EQ(found, stack.at(address) + 4);
            ASSERT_GT(found, kLinkToSleepmsFrame + 4);
            ASSERT_LT(found, kStackBase);
        }
    }
}

// Whatever is accepted was reached through both functions.
TEST(SleepmsSlot, IsNeverAcceptedWithoutBothReturnAddresses)
{
    std::mt19937 random(4);
    int accepted = 0;
    for (int i = 0; i < 300000; ++i) {
        Stack stack;
        for (uint32_t n = 1 + random() % 8; n > 0; --n)
            stack.at(kStackPointer + 4 * (random() % kCaptured.size())) = wrong_value(random);
        const uint32_t found = stack.find();
        if (found == 0)
            continue;
        ++accepted;
        const uint32_t of_resched = stack.at(kLinkToReschedFrame);
        ASSERT_TRUE(kResched.contains(stack.at(kLinkToReschedFrame + 4)));
        ASSERT_GT(of_resched, kLinkToReschedFrame + 4);
        ASSERT_TRUE(kSleepms.contains(stack.at(of_resched + 4)));
        ASSERT_GT(stack.at(of_resched), of_resched + 4);
        ASSERT_EQ(found, stack.at(of_resched) + 4);
    }
    EXPECT_GT(accepted, 1000);
}

} // namespace
} // namespace detour
