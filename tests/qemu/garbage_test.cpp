// garbage_test.cpp - a shell that gets what no person would type: it goes on, and nothing is left behind
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace detour::test
{
namespace
{

constexpr std::size_t kPart = 1 << 17; // of a megabyte in eight parts

// Numbers that are the same in each run.
class Random
{
public:
    explicit Random(uint32_t seed) : state_(seed) {}

    uint32_t below(uint32_t n)
    {
        state_ = state_ * 1664525 + 1013904223;
        return static_cast<uint32_t>((uint64_t{state_} * n) >> 32);
    }
    template <std::size_t Count> const char *one_of(const char *const (&texts)[Count]) { return texts[below(Count)]; }

private:
    uint32_t state_;
};

// Ends what waits for input, whichever reads it, and then the shell.
std::string the_end()
{
    std::string typed = "\x03\n\x03\n";
    for (int i = 0; i < 300; ++i)
        typed += "\x04\n";
    for (int i = 0; i < 4; ++i)
        typed += "\n\x03\nenough\n\x04";
    return typed;
}

void expect_nothing_left(const std::string &typed, int seconds)
{
    const Outcome run = boot("user_garbage", {.timeout = static_cast<double>(seconds), .input = typed + the_end()});
    const std::string end = run.console.substr(run.console.size() - std::min<std::size_t>(run.console.size(), 3000));
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << end;
    const char *const wanted = "left: kcheck clean; pages 0, semaphores 0, processes 0, files 0, pipes 0\n";
    EXPECT_NE(run.console.find(wanted), std::string::npos) << end;
}

class RandomBytes : public testing::TestWithParam<uint32_t>
{
};

// All bytes; after Ctrl-D at the beginning of a line, the next shell gets them.
TEST_P(RandomBytes, LeaveNothing)
{
    Random random(GetParam());
    std::string typed;
    while (typed.size() < kPart)
        typed += static_cast<char>(random.below(256));
    expect_nothing_left(typed, 250);
}

INSTANTIATE_TEST_SUITE_P(Garbage, RandomBytes, testing::Range(1U, 9U));

constexpr const char *kWords[] = {" | ",
                                  " | ",
                                  " > ",
                                  " < ",
                                  " & ",
                                  "\n",
                                  "\n",
                                  "\n",
                                  "\n",
                                  "\n",
                                  " &\n",
                                  "'",
                                  "\"",
                                  " f ",
                                  " g ",
                                  " h ",
                                  "cat ",
                                  "cat f ",
                                  "echo ",
                                  "echo a ",
                                  "ls ",
                                  "rm f ",
                                  "cp f ",
                                  "ps ",
                                  "-1 ",
                                  "sleep ",
                                  "0 ",
                                  "1 ",
                                  "0x10 ",
                                  "date ",
                                  "uptime ",
                                  "argecho ",
                                  "help",
                                  "log",
                                  "clear",
                                  "memstat ",
                                  "\t",
                                  "\x03",
                                  "\x03",
                                  "\x04",
                                  "\x1b[A",
                                  "\x1b[D",
                                  "\x15",
                                  "\x17",
                                  "\b",
                                  "\x13",
                                  "\x11",
                                  "semdump ",
                                  "/dev/null ",
                                  "/dev/console ",

                                  "/dev/lfile0 ",
                                  "/dev/lfilesys ",
                                  "run ",
                                  "hello ",
                                  "race ",
                                  "memdump 0 16",
                                  "memdump 0x100000 40",
                                  "stack 1",
                                  "devdump ",
                                  "exit",
                                  "nothing ",
                                  "4294967295 ",
                                  ".",
                                  "/"};

// Of the words and signs of lines, in any order.
TEST(Garbage, RandomWords)
{
    Random random(9);
    std::string typed;
    while (typed.size() < kPart / 8)
        typed += random.one_of(kWords);
    expect_nothing_left(typed, 250);
}

// Much longer than any buffer on the way: one word, many words, an open quotation mark, one pipe.
TEST(Garbage, LongLines)
{
    std::string typed;
    for (const char *const part : {"x", "x ", "\"x", "x | ", "> x ", "x &", "'", "cat < x > y | "})
        for (const std::size_t length : {100, 126, 127, 128, 254, 255, 256, 257, 511, 1000, 1024, 5000, 20000}) {
            for (const std::size_t end = typed.size() + length; typed.size() < end;)
                typed += part;
            typed += '\n';
        }
    expect_nothing_left(typed, 100);
}

TEST(Garbage, ThousandsOfJobs)
{
    std::string typed;
    for (int i = 0; i < 2000; ++i)
        typed += i % 3 == 0 ? "sleep 1 &\n" : i % 3 == 1 ? "echo a | cat > /dev/null &\n" : "echo b > f &\n";
    expect_nothing_left(typed, 200);
}

} // namespace
} // namespace detour::test
