// shell_test.cpp - the shell: its lines, its examples, and the way to it
#include "tests/qemu/harness.hpp"
#include "tests/qemu/patterns.hpp"

#include <gtest/gtest.h>

namespace detour::test
{
namespace
{

constexpr const char *kLines = R"($ count a 'b  c'
3 arguments, the last is "b  c"
$ echo one two
one two
$ echo three > f
$ cat f
three
$ cat < f | cat | cat > g
$ cat f g
three
three
$ cp g h
$ ls
       6  f
       6  g
       6  h
$ rm f g h
$ ls
$ run race
without: increments are lost
with a semaphore: all increments are there
$ run inversion
without inheritance:
  high has waited for middle, too
with inheritance:
  high has waited for low only
$ run philosophers
philosopher 3 eats meal 1
philosopher 2 eats meal 1
philosopher 1 eats meal 1
philosopher 0 eats meal 1
philosopher 3 eats meal 2
philosopher 2 eats meal 2
philosopher 4 eats meal 1
philosopher 1 eats meal 2
philosopher 0 eats meal 2
philosopher 4 eats meal 2
all have eaten
$ run producer
produced 1
produced 4
          consumed 1
produced 9
          consumed 4
produced 16
          consumed 9
produced 25
          consumed 16
produced 36
          consumed 25
          consumed 36
$ run alarm
ring 1, after 100 msec
ring 2, after 200 msec
ring 3, after 300 msec
the computation has gone on meanwhile
$ run hijack
sleeper runs this, and has not called it
sleeper goes on
$ run vacation
on vacation, before sleepms() returns
sleepms() returns 1
and 1, without a vacation
$ run pingpong
ping 1
     pong 2
ping 3
     pong 4
ping 5
     pong 6
$ run starvation
a counter of our priority: it has run, too
a counter below us: it has not run
)";

TEST(Shell, RecordOfSwitchesAndDetours)
{
    const Outcome run = boot("user_trace");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_NE(run.console.find("checks: 14 passed, 0 failed\n"), std::string::npos) << run.console;
}

TEST(Shell, LinesCommandsAndExamples)
{
    const Outcome run = boot("user_shell");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_NE(run.console.find(kLines), std::string::npos) << run.console;
    expect_match(run.console, "\\$ run hello \\| cat\nhello from process [0-9]+\n");
    expect_match(run.console, "\\$ run hello > u\n\\$ cat u\nhello from process [0-9]+\n\\$ rm u\n");
    EXPECT_NE(run.console.find("$ argecho a b c d | slowly\n5 lines\n"), std::string::npos) << run.console;
    const auto planted = matches(run.console, "\\* return address of sleepms: cbfreturn.*\n");
    ASSERT_EQ(planted.size(), 2u) << "by demo, and again by log";
    EXPECT_EQ(planted[0], planted[1]);
    EXPECT_NE(run.console.find("checks: 46 passed, 0 failed\n"), std::string::npos) << run.console;
}

} // namespace
} // namespace detour::test
