// unwind_test.cpp - stacks in order, broken in every way, and random
#include "tests/host/fake_stack.hpp"

#include "kernel/unwind/unwind.hpp"

#include <gtest/gtest.h>

#include <random>

namespace detour
{
namespace
{

using namespace fake;
using Next = StackFrame::Next;

constexpr uint32_t kEnd = FakeStack::kEnd;
constexpr uint32_t kLow = FakeStack::kLow;

// main(a, b), called by nothing; work(), called by main; leaf(), called by work.
struct Calls : FakeStack {
    static constexpr uint32_t kMainFrame = kEnd - 16; // EBP of main; above: INITRET and the arguments
    static constexpr uint32_t kWorkFrame = kEnd - 32;
    static constexpr uint32_t kLeafFrame = kEnd - 48;

    Calls()
    {
        put(kMainFrame, {kEnd, kUserret, 0x11, 0x22});
        put(kWorkFrame, {kMainFrame, kMain + 0x20, 0x33, 0x44});
        put(kLeafFrame, {kWorkFrame, kWork + 0x20, 0x55, 0x66});
    }
    StackStart in_leaf() const { return at(kLeaf + 0x10, kLeafFrame - 8, kLeafFrame); }
};

TEST(Unwind, FollowsFramePointersToINITRET)
{
    const Calls stack;
    const auto frames = stack.unwind(stack.in_leaf());
    ASSERT_EQ(FakeStack::names(frames), "leaf+16 < work+32 < main+32 < userret+0 |");
    EXPECT_EQ(frames[0].cfa, Calls::kLeafFrame + 8);
    EXPECT_EQ(frames[1].esp(), Calls::kLeafFrame + 8);
    EXPECT_EQ(frames[1].ebp(), Calls::kWorkFrame);
    EXPECT_EQ(frames[1].return_slot, Calls::kWorkFrame + 4);
    EXPECT_EQ(frames[3].esp(), Calls::kMainFrame + 8);
    EXPECT_EQ(frames[3].ebp(), kEnd);
    EXPECT_TRUE(frames[0].exact && !frames[1].exact && !frames[2].exact);
}

TEST(Unwind, IsExactAtEachInstruction)
{
    const Calls stack;
    const std::string rest = " < work+32 < main+32 < userret+0 |";
    EXPECT_EQ(stack.chain(FakeStack::at(kLeaf, Calls::kLeafFrame + 4, Calls::kWorkFrame)), "leaf+0" + rest);
    EXPECT_EQ(stack.chain(FakeStack::at(kLeaf + 1, Calls::kLeafFrame, Calls::kWorkFrame)), "leaf+1" + rest);
    EXPECT_EQ(stack.chain(FakeStack::at(kLeaf + 3, Calls::kLeafFrame, Calls::kLeafFrame)), "leaf+3" + rest);
}

// A return address belongs to the function of the call, which may be its last instruction.
TEST(Unwind, NamesAReturnAddressByItsCall)
{
    Calls stack;
    stack.words[Calls::kLeafFrame + 4] = kLeaf; // after work, whose last instruction called leaf
    stack.code(kLeaf - 5, {0xE8, 0, 0, 0, 0});  // call +0: of kLeaf
    EXPECT_EQ(stack.chain(stack.in_leaf()), "leaf+16 < work+256 < main+32 < userret+0 |");
    stack.code(kLeaf - 5, {0x90, 0x90, 0x90, 0xFF, 0xD2}); // call *%edx
    EXPECT_EQ(stack.chain(stack.in_leaf()), "leaf+16 < work+256 < main+32 < userret+0 |");
}

// What precedes the first instruction of a function that was not called: bytes that are no call of that length, and
// those that are.
TEST(Unwind, TellsACallByItsBytes)
{
    struct Case {
        std::vector<uint8_t> bytes;
        bool is_call;
    };
    const Case cases[] = {
        {{0xE8, 0x10, 0xD8, 0xFF, 0xFF, 0x90, 0xC9, 0xC3}, false}, // FF 90 would be six bytes
        {{0xE6, 0xFF, 0xFF, 0x90, 0x89, 0xEC, 0x5D, 0xC3}, false}, // far away from %eax
        {{0xC3, 0x90, 0x90, 0x90, 0x90, 0x90, 0xFF, 0xD2}, true},  // call *%edx
        {{0xC3, 0x90, 0x90, 0x90, 0x90, 0x90, 0xFF, 0xE2}, false}, // jmp *%edx
        {{0xC3, 0x90, 0x90, 0x90, 0x90, 0x90, 0xFF, 0x12}, true},  // call *(%edx)
        {{0xC3, 0x90, 0x90, 0x90, 0x90, 0xFF, 0x52, 0x08}, true},  // call *8(%edx)
        {{0xC3, 0x90, 0x90, 0x90, 0x90, 0xFF, 0x14, 0x24}, true},  // call *(%esp)
        {{0xC3, 0x90, 0x90, 0x90, 0xFF, 0x54, 0x24, 0x08}, true},  // call *8(%esp)
        {{0xC3, 0x90, 0xFF, 0x92, 0x08, 0x00, 0x00, 0x00}, true},  // call *8(%edx), in 32 bits
        {{0xC3, 0x90, 0xFF, 0x15, 0x08, 0x00, 0x00, 0x00}, true},  // call *8
        {{0xC3, 0xFF, 0x14, 0x85, 0x00, 0x10, 0x10, 0x00}, true},  // call *table(, %eax, 4)
        {{0xC3, 0xFF, 0x94, 0x24, 0x00, 0x01, 0x00, 0x00}, true},  // call *256(%esp)
    };
    for (const Case &each : cases) {
        FakeStack stack;
        stack.put(kEnd - 48, {7, 6, 5, 4, 3, 2, 1, 0, 0x202, kEnd, kWork, kUserret});
        stack.code(kWork - 8, each.bytes);
        EXPECT_EQ(stack.unwind(FakeStack::at(kResumption, kEnd - 48))[1].exact, !each.is_call) << &each - cases;
    }
}

// A return address, moved by some bytes or replaced: whatever precedes it, no call ends there.
TEST(Unwind, NoticesAReturnAddressThatNoCallHasPushed)
{
    const std::vector<uint8_t> around = {0x83, 0xC4, 0x08, 0x90, 0xE8, 0x00, 0x01, 0x00, 0x00, // call kLeaf + ...
                                         0xFF, 0xD0, 0xFA, 0xFC, 0xFF, 0x90, 0x00, 0x10, 0x10,
                                         0x00, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90};
    const std::map<uint32_t, bool> no_call = {{7, true},  {8, true},  {9, false}, {10, true},  {11, false},
                                              {12, true}, {13, true}, {18, true}, {19, false}, {20, true}};
    for (const auto &[offset, expected] : no_call) {
        Calls stack;
        stack.code(kWork + 0x40, around);
        stack.words[Calls::kLeafFrame + 4] = kWork + 0x40 + offset;
        const auto frames = stack.unwind(stack.in_leaf());
        ASSERT_EQ(frames.size(), 4U) << offset;
        EXPECT_EQ(frames[1].no_call, expected) << offset;
        EXPECT_FALSE(frames[0].no_call || frames[2].no_call || frames[3].no_call) << offset;
    }
}

// Where create() and the kernel put a return address, there is no call to look for.
TEST(Unwind, ExpectsNoCallBeforeTheBeginningOfAProcess)
{
    FakeStack stack;
    const std::vector<uint32_t> saved = {7, 6, 5, 4, 3, 2, 1, 0, 0x202, kEnd, kMain, kUserret};
    stack.put(kEnd - 48, saved);
    stack.code(kMain - 8, {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90});
    stack.code(kUserret - 8, {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90});
    for (const StackFrame &frame : stack.unwind(FakeStack::at(kResumption, kEnd - 48)))
        EXPECT_FALSE(frame.no_call) << frame.function->name;
    Calls calls; // but a function that was called does not return to the beginning of another
    calls.code(kMain - 8, {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90});
    calls.words[Calls::kLeafFrame + 4] = kMain;
    EXPECT_TRUE(calls.unwind(calls.in_leaf())[1].no_call);
}

// create() built the stack of a new process: ctxsw returns into its function, which nothing called.
TEST(Unwind, OfANewProcess)
{
    FakeStack stack;
    const uint32_t esp = kEnd - 4 * 14;
    stack.put(esp, {7, 6, 5, 4, 3, 2, 1, 0, 0x202, kEnd, kMain, kUserret, 0x11, 0x22});
    stack.code(kMain - 5, {0xE8, 0x80, 0, 0, 0}); // of another function: no call of ctxsw
    auto frames = stack.unwind(FakeStack::at(kResumption, esp));
    ASSERT_EQ(FakeStack::names(frames), "ctxsw+16 < main+0 < userret+0 |");
    EXPECT_TRUE(frames[1].exact);
    EXPECT_EQ(frames[1].ebp(), kEnd);
    EXPECT_EQ(frames[1].registers[COLUMN_EDI], 7U);
    EXPECT_EQ(frames[1].registers[COLUMN_ESI], 6U);
    EXPECT_EQ(frames[1].registers[COLUMN_EBX], 3U);
    EXPECT_EQ(frames[1].registers[COLUMN_EDX], 2U);
    EXPECT_EQ(frames[1].registers[COLUMN_ECX], 1U);
    EXPECT_EQ(frames[1].registers[COLUMN_EAX], 0U);
    EXPECT_EQ(frames[2].esp(), esp + 4 * 12);
}

TEST(Unwind, ThroughAnInterruptOfRing0)
{
    Calls stack;
    const uint32_t esp = kEnd - 4 * 26;
    stack.put(esp, {7, 6, Calls::kWorkFrame, 0, 3, 2, 1, 9, kLeaf, 0x08, 0x202, kWork + 0x30, 0xAA});
    const auto frames = stack.unwind(FakeStack::at(kClkdisp + 8, esp));
    ASSERT_EQ(frames.size(), 5U);
    EXPECT_EQ(FakeStack::names(frames), "clkdisp+8 < leaf+0 < work+48 < main+32 < userret+0 |");
    EXPECT_TRUE(frames[1].exact); // not one byte back, where work is
    EXPECT_EQ(frames[1].esp(), esp + 44);
    EXPECT_EQ(frames[1].registers[COLUMN_EAX], 9U);
    EXPECT_EQ(frames[1].registers[COLUMN_EDI], 7U);
    EXPECT_EQ(frames[0].return_slot, esp + 32);
}

TEST(Unwind, ThroughAnInterruptOfEitherRing)
{
    for (const uint32_t selector : {0x08U, 0x1BU}) {
        Calls stack;
        const bool user = selector == 0x1B;
        const uint32_t esp = kEnd - 4 * 26;
        const uint32_t user_esp = FakeStack::kUserEnd - 32;
        stack.put(user_esp, {0x77, FakeStack::kUserEnd - 8, kUserStart + 7, 1});
        stack.put(esp, {7, 6, user ? user_esp + 4 : Calls::kLeafFrame, 0, 3, 2, 1, 9, user ? kUserMain + 9 : kLeaf + 9,
                        selector, 0x202, user_esp, 0x23});
        const auto frames = stack.unwind(FakeStack::at(kIrq + 8, esp));
        EXPECT_EQ(FakeStack::names(frames), user ? "irq_entry+8 < main+9 < _start+7 |"
                                                 : "irq_entry+8 < leaf+9 < work+32 < main+32 < userret+0 |");
        EXPECT_EQ(frames[1].esp(), user ? user_esp : esp + 44);
        EXPECT_EQ(frames[0].changed_ring, user);
    }
}

TEST(Unwind, APlantedReturnAddressStandsForTheOriginal)
{
    Calls stack;
    stack.words[Calls::kLeafFrame + 4] = kCbfreturn;
    stack.owner.known.slot = Calls::kLeafFrame + 4;
    EXPECT_EQ(stack.chain(stack.in_leaf()).find("work"), std::string::npos); // nothing is planted
    stack.owner.known.original = kWork + 0x20;
    EXPECT_EQ(stack.chain(stack.in_leaf()), "leaf+16 < work+32 < main+32 < userret+0 |");
}

TEST(Unwind, InsideCbfreturn)
{
    Calls stack;
    const uint32_t esp = Calls::kLeafFrame + 8; // sleepms() popped its return address
    const std::string rest = " < work+32 < main+32 < userret+0 |";
    stack.owner.known.original = kWork + 0x20;
    EXPECT_EQ(stack.chain(FakeStack::at(kCbfreturn, esp, Calls::kWorkFrame)), "cbfreturn+0" + rest);
    stack.put(esp - 12, {0, 0x08, 0x202});
    EXPECT_EQ(stack.chain(FakeStack::at(kCbfreturn + 1, esp - 12, Calls::kWorkFrame)), "cbfreturn+1" + rest);
    stack.words[esp - 12] = kWork + 0x20; // detour_at_return filled it in, and forgot it
    stack.owner.known.original = 0;
    EXPECT_EQ(stack.chain(FakeStack::at(kCbfreturn + 1, esp - 12, Calls::kWorkFrame)), "cbfreturn+1" + rest);
    EXPECT_EQ(stack.chain(FakeStack::at(kCbfreturn + 2, esp - 12, Calls::kWorkFrame)), "cbfreturn+2" + rest);
    stack.words[esp - 12] = 0;
    EXPECT_EQ(stack.chain(FakeStack::at(kCbfreturn + 1, esp - 12, Calls::kWorkFrame)), "cbfreturn+1 |");
}

TEST(Unwind, RegistersInRegisters)
{
    Calls stack;
    auto start = FakeStack::at(kRegister + 4, Calls::kLeafFrame + 4, Calls::kWorkFrame);
    start.registers[COLUMN_ESI] = 0x5151;
    start.registers[COLUMN_EBX] = 0xB0B0;
    const auto frames = stack.unwind(start);
    ASSERT_EQ(FakeStack::names(frames), "in_register+4 < work+32 < main+32 < userret+0 |");
    EXPECT_EQ(frames[0].registers[COLUMN_EBX], 0xB0B0U);
    EXPECT_EQ(frames[1].registers[COLUMN_EBX], 0x5151U);
    EXPECT_EQ(frames[1].registers[COLUMN_ESI], 0x5151U);
}

TEST(Unwind, EndsWhereTheKernelHasBegun)
{
    Calls stack;
    stack.words[Calls::kWorkFrame + 4] = kStart + 7;
    EXPECT_EQ(stack.chain(stack.in_leaf()), "leaf+16 < work+32 < _start+7 |");
}

TEST(Unwind, WithoutCallFrameInformationAlongTheEbps)
{
    Calls stack;
    EXPECT_EQ(stack.chain(FakeStack::at(kBare + 7, Calls::kLeafFrame - 8, Calls::kLeafFrame)),
              "bare+7 < work+32 < main+32 < userret+0 |");
    EXPECT_EQ(stack.chain(FakeStack::at(kBare, Calls::kLeafFrame + 4, Calls::kWorkFrame)),
              "bare+0 < work+32 < main+32 < userret+0 |"); // before its first instruction
    EXPECT_EQ(stack.chain(FakeStack::at(kBare + 7, Calls::kLeafFrame - 8, 0)), "bare+7 |");
}

TEST(Unwind, AWildPointerThatWasCalled)
{
    Calls stack;
    for (const uint32_t wild : {0U, 0xDEADBEEFU, kCodeEnd + 0U})
        EXPECT_EQ(stack.chain(FakeStack::at(wild, Calls::kLeafFrame + 4, Calls::kWorkFrame)),
                  "? < work+32 < main+32 < userret+0 |");
}

TEST(Unwind, ADirectCallOfAWildAddressIsACall)
{
    Calls stack;
    const uint32_t wild = 0xDEAD0000, distance = wild - (kWork + 0x20);
    stack.code(kWork + 0x20 - 7,
               {0x90, 0x90, 0xE8, 0, 0, static_cast<uint8_t>(distance >> 16), static_cast<uint8_t>(distance >> 24)});
    stack.code(kWork + 0x20 - 4, {static_cast<uint8_t>(distance), static_cast<uint8_t>(distance >> 8)});
    const auto frames = stack.unwind(FakeStack::at(wild, Calls::kLeafFrame + 4, Calls::kWorkFrame));
    ASSERT_EQ(FakeStack::names(frames), "? < work+32 < main+32 < userret+0 |");
    EXPECT_FALSE(frames[1].no_call);
    EXPECT_TRUE(stack.unwind(stack.in_leaf())[1].no_call); // it is no call of leaf()
}

// What a wrong `ret` leaves on top of the stack is not a return address.
TEST(Unwind, AWildPointerThatWasReturnedTo)
{
    Calls stack;
    stack.code(kWork + 0x20 - 7, {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90});
    EXPECT_EQ(stack.chain(FakeStack::at(0xDEADBEEF, Calls::kLeafFrame + 4, Calls::kWorkFrame)),
              "? < main+32 < userret+0 |");
}

TEST(Unwind, StopsWhereTheChainBreaks)
{
    using Damage = void (*)(Calls &);
    const Damage damages[] = {
        [](Calls &s) { s.words[Calls::kLeafFrame] = Calls::kWorkFrame + 1; },
        [](Calls &s) { s.words[Calls::kLeafFrame] = Calls::kWorkFrame + 2; },
        [](Calls &s) { s.words[Calls::kLeafFrame] = Calls::kLeafFrame; },      // a circle
        [](Calls &s) { s.words[Calls::kLeafFrame] = Calls::kLeafFrame - 16; }, // downwards
        [](Calls &s) { s.words[Calls::kLeafFrame] = kLow; },
        [](Calls &s) { s.words[Calls::kLeafFrame] = kLow - 4; },
        [](Calls &s) { s.words[Calls::kLeafFrame] = kEnd; },
        [](Calls &s) { s.words[Calls::kLeafFrame] = 0; },
        [](Calls &s) { s.words[Calls::kLeafFrame] = 0xFFFFFFF8; },
        [](Calls &s) { s.words[Calls::kLeafFrame] = 0xFFFFFFFF; },
        [](Calls &s) { s.words.erase(Calls::kWorkFrame); },
    };
    for (const Damage &damage : damages) {
        Calls stack;
        damage(stack);
        EXPECT_EQ(stack.chain(stack.in_leaf()), "leaf+16 < work+32 !") << &damage - damages;
    }
    Calls stack;
    for (const uint32_t ebp : {kLow - 8, kEnd, Calls::kLeafFrame + 1, 0U, 0xFFFFFFF8U})
        EXPECT_EQ(stack.chain(FakeStack::at(kLeaf + 9, kLow, ebp)), "leaf+9 !") << ebp;
    stack.words.erase(Calls::kLeafFrame + 4);
    EXPECT_EQ(stack.chain(stack.in_leaf()), "leaf+16 !");
}

TEST(Unwind, GivesUpAtItsDepth)
{
    FakeStack stack;
    for (uint32_t frame = kLow; frame < kLow + 8 * 2000; frame += 8)
        stack.put(frame, {frame + 8, kWork + 0x20});
    EXPECT_EQ(stack.unwind(FakeStack::at(kWork + 0x10, kLow, kLow)).size(), Unwinder::kMaxDepth);
    EXPECT_EQ(stack.unwind(FakeStack::at(kWork + 0x10, kLow, kLow)).back().next, Next::kBroken);
}

TEST(Unwind, ACircleOfInterruptsEnds)
{
    Calls stack;
    const uint32_t user_esp = FakeStack::kUserEnd - 32;
    const uint32_t esp = kEnd - 4 * 26;
    // From the kernel stack to that of ring 3, and from there to the same code with the same stack again.
    stack.put(esp, {7, 6, 0, 0, 3, 2, 1, 9, kIrq + 8, 0x1B, 0x202, esp, 0x23});
    stack.words[user_esp] = 0;
    EXPECT_LE(stack.unwind(FakeStack::at(kIrq + 8, esp)).size(), Unwinder::kMaxDepth);
    stack.words[esp + 44] = user_esp;
    EXPECT_LE(stack.unwind(FakeStack::at(kIrq + 8, esp)).size(), 3U);
}

// Ring 3 has its own tables: they must not lead back to the kernel's stack.
TEST(Unwind, TablesOfAProgramLeadToNoOtherStack)
{
    TablesFile file;
    file.symbol(kUserMain, "main");
    file.rule(kUserMain, COLUMN_ESP, 3, TablesFile::kInterrupted, {{COLUMN_EIP, -3}, {COLUMN_ESP, -2}});
    const auto bytes = file.bytes();
    Calls stack;
    stack.owner.code.program = CodeTables(bytes);
    const uint32_t user_esp = FakeStack::kUserEnd - 32;
    const uint32_t esp = kEnd - 4 * 26;
    stack.put(user_esp, {kUserMain + 4, user_esp + 12, 0, kIrq + 8, esp, 0});
    stack.put(esp, {7, 6, 0, 0, 3, 2, 1, 9, kUserMain + 4, 0x1B, 0x202, user_esp, 0x23});
    EXPECT_EQ(stack.chain(FakeStack::at(kIrq + 8, esp)), "irq_entry+8 < main+4 < main+4 !");
}

TEST(Unwind, AlwaysEndsOnRandomStacks)
{
    std::mt19937 random(3);
    const uint32_t places[] = {kUserret,  kMain + 9,  kWork + 9,      kLeaf,          kResumption, kClkdisp,
                               kIrq,      kCbfreturn, kCbfreturn + 1, kCbfreturn + 2, kCbfmanager, kStart,
                               kRegister, kBare,      kBare + 1,      kUserMain + 9,  kUserStart,  0};
    FakeStack stack;
    const auto any = [&]() -> uint32_t {
        switch (random() % 6) {
        case 0:
            return static_cast<uint32_t>(random());
        case 1:
            return random() % 2 != 0 ? 0x08 : 0x1B;
        case 2:
            return places[random() % std::size(places)];
        default:
            return kLow + static_cast<uint32_t>(random()) % (kEnd + 8 - kLow) / 4 * 4;
        }
    };
    size_t longest = 0;
    unsigned complete = 0;
    for (int round = 0; round < 20'000; ++round) {
        for (auto &[address, word] : stack.words)
            word = any();
        stack.owner.known.original = random() % 2 != 0 ? any() : 0;
        StackStart start;
        for (uint32_t &value : start.registers)
            value = any();
        start.exact = random() % 2 != 0;
        stack.reads = 0;
        const auto frames = stack.unwind(start);
        ASSERT_GE(frames.size(), 1U);
        ASSERT_LT(stack.reads, 100U * frames.size());
        longest = std::max(longest, frames.size());
        complete += frames.back().next == Next::kNone;
    }
    EXPECT_GT(longest, 6U);
    EXPECT_GT(complete, 500U);
}

} // namespace
} // namespace detour
