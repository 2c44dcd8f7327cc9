// stack_words_test.cpp - whole stacks as they are printed, word by word
#include "tests/host/fake_stack.hpp"

#include "kernel/unwind/word_roles.hpp"

#include <xinu/process.h>

#include <gtest/gtest.h>

namespace detour
{
namespace
{

using namespace fake;

constexpr uint32_t kEnd = FakeStack::kEnd;
constexpr uint32_t kLow = FakeStack::kLow;
const std::string kMagicLine = "  00200100  0a0aaaa9  STACKMAGIC, at prstkbase\n";

TEST(StackWords, OfANewProcess)
{
    FakeStack stack;
    stack.put(kEnd - 56, {7, 6, kEnd - 20, kEnd - 24, 3, 2, 1, 0, 0x202, kEnd, kMain, kUserret, 0x11, 0x22});
    stack.code(kMain - 5, {0x90, 0x90, 0x90, 0x90, 0x90});
    EXPECT_EQ(stack.text(FakeStack::at(kResumption, kEnd - 56)),
              "  00200000 .. 002000c4    200 bytes that are free\n"
              "  002000c8  00000007  EDI of main, saved by ctxsw\n"
              "  002000cc  00000006  ESI of main, saved by ctxsw\n"
              "  002000d0  002000ec  EBP of ctxsw itself -> 002000ec\n"
              "  002000d4  002000e8  ESP at pushal; popal skips it\n"
              "  002000d8  00000003  EBX of main, saved by ctxsw\n"
              "  002000dc  00000002  EDX of main, saved by ctxsw\n"
              "  002000e0  00000001  ECX of main, saved by ctxsw\n"
              "  002000e4  00000000  EAX of main, saved by ctxsw\n"
              "  002000e8  00000202  EFLAGS of main, saved by ctxsw: IF\n"
              "  002000ec  00200100  EBP of main, saved by ctxsw -> 00200100\n"
              "  002000f0  00100100  return address of ctxsw: main+0x0 (main.c:10)\n"
              "  002000f4  00100000  return address of main: userret+0x0 (arch/x86/entry/userret.S:16), INITRET of "
              "create()\n"
              "  002000f8  00000011  argument 1 of main, given to create()\n"
              "  002000fc  00000022  argument 2 of main, given to create()\n" +
                  kMagicLine);
}

// main called work(0x100300, 2) with EFLAGS pushed below, and a clock interrupt arrived.
TEST(StackWords, OfAnInterruptAndOfArguments)
{
    FakeStack stack;
    const uint32_t main_frame = kEnd - 8, work_frame = main_frame - 20, esp = work_frame - 44;
    stack.put(main_frame, {kEnd, kUserret});
    stack.put(work_frame, {main_frame, kMain + 0x20, kLeaf, 2, 0x99});
    stack.put(esp, {7, 6, work_frame, 0, 3, 2, 1, 9, kWork + 0x30, 0x08, 0x4c91});
    stack.code(kMain + 0x20, {0x83, 0xC4, 0x08});
    EXPECT_EQ(stack.text(FakeStack::at(kClkdisp + 8, esp)),
              "  00200000 .. 002000b4    184 bytes that are free\n"
              "  002000b8  00000007  EDI of work, pushed by pushal\n"
              "  002000bc  00000006  ESI of work, pushed by pushal\n"
              "  002000c0  002000e4  EBP of work, pushed by pushal -> 002000e4\n"
              "  002000c4  00000000  ESP at pushal; popal skips it\n"
              "  002000c8  00000003  EBX of work, pushed by pushal\n"
              "  002000cc  00000002  EDX of work, pushed by pushal\n"
              "  002000d0  00000001  ECX of work, pushed by pushal\n"
              "  002000d4  00000009  EAX of work, pushed by pushal\n"
              "  002000d8  00100230  EIP, pushed by the CPU: work+0x30 (main.c:20)\n"
              "  002000dc  00000008  CS of work, pushed by the CPU: ring 0\n"
              "  002000e0  00004c91  EFLAGS of work, pushed by the CPU: CF AF SF DF OF NT IF clear: "
              "interrupts masked\n"
              "  002000e4  002000f8  EBP of main, saved by work -> 002000f8\n"
              "  002000e8  00100120  return address of work: main+0x20 (main.c:10)\n"
              "  002000ec  00100300  argument 1 of work: leaf\n"
              "  002000f0  00000002  argument 2 of work\n"
              "  002000f4  00000099  main's own\n"
              "  002000f8  00200100  EBP of userret, saved by main -> 00200100\n"
              "  002000fc  00100000  return address of main: userret+0x0 (arch/x86/entry/userret.S:16), INITRET of "
              "create()\n" +
                  kMagicLine);
}

TEST(StackWords, CountTheArgumentsThatAreTakenOff)
{
    struct Case {
        std::vector<uint8_t> code;
        uint32_t words;
    };
    const Case cases[] = {
        {{0x83, 0xC4, 0x04, 0x90}, 1},
        {{0x83, 0xC4, 0x7C, 0x90}, 31},
        {{0x83, 0xC4, 0x80, 0x90}, 0}, // add $-128: makes room
        {{0x83, 0xEC, 0x04, 0x90}, 0}, // sub
        {{0x81, 0xC4, 0x80, 0x00, 0x00, 0x00}, 32},
        {{0x81, 0xC4, 0x00, 0x01, 0x00, 0x00}, 64},
        {{0x81, 0xC4, 0x04, 0x01, 0x00, 0x00}, 0}, // more than anyone passes
        {{0x81, 0xC4, 0x00, 0xFF, 0xFF, 0xFF}, 0},
        {{0x59, 0x90, 0x59, 0x59}, 1},
        {{0x59, 0x5A, 0x90, 0x90}, 2},
        {{0x59, 0x59, 0x59, 0x59}, 4},
        {{0x5B, 0x59, 0x59, 0x59}, 0}, // of the caller's own
        {{0xC9, 0xC3, 0x90, 0x90}, 0},
    };
    for (const Case &each : cases) {
        FakeStack stack;
        stack.code(0x100130, each.code);
        EXPECT_EQ(argument_words(stack.memory(), 0x100130), each.words) << &each - cases;
    }
    EXPECT_EQ(argument_words(FakeStack().memory(), 0x100130), 0U);
}

// A process in ring 3, interrupted by a device: the CPU changed the stack.
TEST(StackWords, OfBothStacksOfRing3)
{
    FakeStack stack;
    stack.owner.user_stack = {FakeStack::kUserEnd - 0x10000, FakeStack::kUserEnd};
    const uint32_t user_esp = FakeStack::kUserEnd - 24, esp = kEnd - 60;
    stack.put(user_esp, {0x77, FakeStack::kUserEnd - 8, kUserStart + 7, 1, 0x1234, 0});
    stack.put(esp, {7, 6, user_esp + 4, 0, 3, 2, 1, 9, kUserMain + 9, 0x1B, 0x202, user_esp, 0x23, 0xAA, 0xBB});
    const std::string text = stack.text(FakeStack::at(kIrq + 8, esp));
    EXPECT_EQ(text.substr(text.find("  002000e4")),
              "  002000e4  40000109  EIP, pushed by the CPU: main+0x9\n"
              "  002000e8  0000001b  CS of main, pushed by the CPU: ring 3\n"
              "  002000ec  00000202  EFLAGS of main, pushed by the CPU: IF\n"
              "  002000f0  beffefe8  ESP of main, pushed by the CPU\n"
              "  002000f4  00000023  SS of main, pushed by the CPU: ring 3\n"
              "  002000f8  000000aa  not used by this way into the kernel, or not yet\n"
              "  002000fc  000000bb  not used by this way into the kernel, or not yet\n" +
                  kMagicLine +
                  "  in ring 3:\n"
                  "  befef000 .. beffefe4    65512 bytes that are free\n"
                  "  beffefe8  00000077  main's own\n"
                  "  beffefec  beffeff8  EBP of _start, saved by main -> beffeff8\n"
                  "  beffeff0  40000207  return address of main: _start+0x7\n"
                  "  beffeff4  00000001  _start's own\n"
                  "  beffeff8  00001234  made by the kernel: argc, argv, the arguments\n"
                  "  beffeffc  00000000  made by the kernel: argc, argv, the arguments\n");
}

TEST(StackWords, OfADetour)
{
    FakeStack stack;
    const uint32_t esp = kEnd - 8 - 56;
    stack.put(kEnd - 8, {kEnd, kUserret});
    stack.put(esp, {0, kLeaf, 0, 7, 6, kEnd - 8, 0, 3, 2, 1, 9, kMain + 0x30, 0x08, 0x202});
    stack.owner.known.running = CB_MESSAGE;
    const std::string text = stack.text(FakeStack::at(kCbfmanager + 8, esp));
    EXPECT_NE(text.find("  claimed"), std::string::npos) << text;
    EXPECT_NE(text.find("00000000  claimed alarm callback: none, or it has run\n"), std::string::npos) << text;
    EXPECT_NE(text.find("00100300  claimed message callback: leaf+0x0\n"), std::string::npos) << text;
    EXPECT_NE(text.find("claimed vacation callback"), std::string::npos);
    EXPECT_NE(text.find("EAX of main, kept for the end of the detour\n"), std::string::npos);
    EXPECT_NE(text.find("EIP, kept for the end of the detour: main+0x30 (main.c:10)\n"), std::string::npos);
}

// main was interrupted, and cbfmanager is about to run the claimed callbacks.
TEST(StackWords, HaveKinds)
{
    using enum WordKind;
    FakeStack stack;
    const uint32_t esp = kEnd - 12 - 56;
    stack.put(kEnd - 12, {kEnd, kUserret, 0x11});
    stack.put(esp, {0, kLeaf, 0, 7, 6, kEnd - 12, 0, 3, 2, 1, 9, kMain + 0x30, 0x08, 0x202});
    std::vector<WordKind> expected(3, kClaimed);
    expected.insert(expected.end(), 11, kFrame);
    expected.insert(expected.end(), {kSavedRegister, kReturnAddress, kFirst, kMagic});
    EXPECT_EQ(stack.kinds(FakeStack::at(kCbfmanager + 8, esp)), expected);
}

TEST(StackWords, OfADetourWhoseClaimedWordsCannotBe)
{
    FakeStack stack;
    const uint32_t esp = kEnd - 8 - 56;
    stack.put(kEnd - 8, {kEnd, kUserret});
    stack.put(esp, {kLeaf + 4, 1, kUserMain, 7, 6, kEnd - 8, 0, 3, 2, 1, 9, kMain + 0x30, 0x08, 0x202});
    stack.owner.known.running = CB_MESSAGE;
    const std::string text = stack.text(FakeStack::at(kCbfmanager + 8, esp));
    EXPECT_NE(text.find("  claimed alarm callback: leaf+0x4, but no alarm callback is claimed\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("00000001  claimed message callback: no code\n"), std::string::npos) << text;
    EXPECT_NE(text.find("40000100  claimed vacation callback: no code\n"), std::string::npos) << text;
}

TEST(StackWords, AReturnAddressThatNoCallHasPushed)
{
    FakeStack stack;
    const uint32_t main_frame = kEnd - 8, leaf_frame = main_frame - 8;
    stack.put(main_frame, {kEnd, kUserret});
    stack.put(leaf_frame, {main_frame, kMain + 0x21});
    stack.code(kMain + 0x20, {0x90, 0x90, 0x90, 0x90});
    const auto start = FakeStack::at(kLeaf + 9, leaf_frame, leaf_frame);
    const std::string wrong = "main+0x21 (main.c:10), no call ends there\n";
    EXPECT_NE(stack.text(start).find("return address of leaf: " + wrong), std::string::npos) << stack.text(start);
    EXPECT_NE(stack.backtrace(start).find("  0x00100121  " + wrong), std::string::npos) << stack.backtrace(start);
}

TEST(StackWords, APlantedReturnAddressAndWhatItStandsFor)
{
    FakeStack stack;
    const uint32_t main_frame = kEnd - 8, leaf_frame = main_frame - 8;
    stack.put(main_frame, {kEnd, kUserret});
    stack.put(leaf_frame, {main_frame, kCbfreturn});
    stack.owner.known.slot = leaf_frame + 4;
    stack.owner.known.original = kMain + 0x20;
    const std::string text = stack.text(FakeStack::at(kLeaf + 9, leaf_frame, leaf_frame));
    EXPECT_NE(text.find("  002000f4  00100700  return address of leaf: cbfreturn+0x0, planted; "
                        "proctab[7].prdetour.original keeps main+0x20 (main.c:10)\n"),
              std::string::npos)
        << text;
    using enum WordKind;
    const std::vector expected{kSavedRegister, kPlanted, kSavedRegister, kReturnAddress, kMagic};
    EXPECT_EQ(stack.kinds(FakeStack::at(kLeaf + 9, leaf_frame, leaf_frame)), expected);
}

TEST(StackWords, FoldsEqualWordsAndObeysTheLimit)
{
    FakeStack stack;
    const uint32_t frame = kEnd - 8;
    stack.put(frame, {kEnd, kUserret});
    stack.put(frame - 24, {1, 1, 1, 2, 2, 3});
    const auto start = FakeStack::at(kMain + 9, frame - 24, frame);
    const std::string tail = stack.text(start).substr(stack.text(start).find("bytes that are free\n") + 20);
    EXPECT_EQ(tail, "  002000e0  00000001  main's own\n            (the same 2 times more)\n"
                    "  002000ec  00000002  main's own\n            (the same 1 times more)\n"
                    "  002000f4  00000003  main's own\n"
                    "  002000f8  00200100  EBP of userret, saved by main -> 00200100\n"
                    "  002000fc  00100000  return address of main: userret+0x0 (arch/x86/entry/userret.S:16), "
                    "INITRET of create()\n" +
                        kMagicLine);
    const std::string cut = stack.text(start, {4});
    EXPECT_EQ(cut.substr(cut.find("  002000ec")), "  002000ec  00000002  main's own\n  ... (4 more)\n" + kMagicLine);
}

TEST(StackWords, GoOnWhereTheFramesAreBroken)
{
    FakeStack stack;
    stack.put(kEnd - 16, {kEnd - 20, kWork + 0x20, 0x55, kMain + 4}); // the chain leads downwards
    const std::string text = stack.text(FakeStack::at(kLeaf + 9, kEnd - 16, kEnd - 16));
    EXPECT_NE(text.find("  this cannot be followed any further: the frame of work is not as it should be\n"
                        "  002000f8  00000055  \n"
                        "  002000fc  00100104  main+0x4 (main.c:10)\n" +
                        kMagicLine),
              std::string::npos)
        << text;
}

TEST(StackWords, AnUnalignedStackPointer)
{
    FakeStack stack;
    const uint32_t frame = kEnd - 8;
    stack.put(frame, {kEnd, kUserret});
    for (uint32_t shift = 1; shift < 4; ++shift) {
        const std::string text = stack.text(FakeStack::at(kMain + 9, frame - 8 + shift, frame));
        EXPECT_NE(text.find("  002000f8  00200100  EBP of userret, saved by main"), std::string::npos) << text;
        EXPECT_NE(text.find(kMagicLine), std::string::npos);
    }
}

TEST(StackWords, OfAStackWithoutItsMark)
{
    FakeStack stack;
    stack.words[kEnd] = 1;
    stack.put(kEnd - 8, {kEnd, kUserret});
    const std::string text = stack.text(FakeStack::at(kMain + 9, kEnd - 8, kEnd - 8));
    EXPECT_NE(text.find("  00200100  00000001  at prstkbase, where STACKMAGIC should be\n"), std::string::npos);
}

// INITRET was reached: the words above were the arguments of a function that returned.
TEST(StackWords, AfterTheFirstFunction)
{
    FakeStack stack;
    stack.put(kEnd - 4, {0x11});
    const std::string text = stack.text(FakeStack::at(kUserret + 2, kEnd - 4, kEnd));
    EXPECT_NE(text.find("  002000fc  00000011  argument 1 of the first function, given to create()\n"),
              std::string::npos)
        << text;
}

} // namespace
} // namespace detour
