// console_test.cpp - what is typed and what is printed
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>

namespace detour::test
{
namespace
{

// Sits at the terminal of this program: tests/qemu/terminal.py with these arguments.
Outcome at_terminal(const std::string &program, const std::string &steps, const std::string &options = "")
{
    const std::string command = std::string(DETOUR_PYTHON) + " '" + DETOUR_SOURCE "/tests/qemu/terminal.py' " +
                                options + " '" DETOUR_PROGRAMS "/" + program + ".elf' " + steps + " 2>&1";
    FILE *const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr)
        return {-1, "", "cannot start " + command};
    std::string output;
    std::array<char, 4096> part{};
    for (std::size_t n = fread(part.data(), 1, part.size(), pipe); n != 0; n = fread(part.data(), 1, part.size(), pipe))
        output.append(part.data(), n);
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output, command};
}

uint32_t count_of(const std::string &text, const std::string &part)
{
    uint32_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

TEST(Console, TypedCharactersArriveInOrder)
{
    std::string input = "a\rb\n"; // the Enter key sends CR, and is read as LF
    for (int i = 0; i < 240; ++i) // the kernel keeps 256 for a program that is busy, as this one is with printing
        input += static_cast<char>(' ' + i % 90);
    std::uint32_t sum = 0;
    for (std::size_t i = 2; i < input.size(); ++i)
        sum = sum * 31 + static_cast<unsigned char>(input[i]);

    const Outcome run = boot("console_input", {.input = input});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    const std::string wanted = "type now\nfirst 97\nsecond 10\nend -2 after " + std::to_string(input.size() - 2) +
                               ", sum " + std::to_string(sum) + "\nchecks: 3 passed, 0 failed\n";
    EXPECT_NE(run.console.find(wanted), std::string::npos) << "wanted " << wanted << run.console;
}

TEST(Console, PrintsFormats)
{
    const Outcome run = boot("console_output");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    const std::string wanted = "[-42|42|   42|42   |00042|+42]\n"
                               "[4000000000|beef|BEEF|0000beef|0xbeef|10]\n"
                               "[text|     right|left      |cut|c|%]\n"
                               "[2147483647|-9000000000000000000|123456789abcdef|     7]\n"
                               "written 31\n"
                               "abcde\n";
    EXPECT_NE(run.console.find(wanted), std::string::npos) << run.console;
}

TEST(Console, IsXinusDeviceZero)
{
    const Outcome run = boot("console_device", {.input = "ab\nlonger\nfgets\nrest\x04"});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    const std::string wanted = "pfwri[fputs]fprintf 7\nchecks: 23 passed, 0 failed\n";
    EXPECT_NE(run.console.find(wanted), std::string::npos) << run.console;
}

TEST(Console, DeviceCallsStandBesideThoseOfTheCppLibrary)
{
    const Outcome run = boot("console_device_cpp", {.input = "ab\n"});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_NE(run.console.find("\ndevice ab 5\n"), std::string::npos) << run.console;
}

TEST(Console, HasTheModesOfATerminal)
{
    const Outcome run =
        at_terminal("console_tty", "'type cooked\n' 'cookee\\bd\\nrest\\x04' "
                                   "'type raw\n' 'raw\\x04\\x03\\x13\\r' 'type cbreak\n' 'keys\\b' "
                                   "'type interrupt\n' 'ahead\\nlost\\x03behind\\n' 'type tab\n' 'na\\t' 'me' ' \\n'");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.console;
    const std::string wanted =
        "type cooked\ncookee\b \bd\nresttype raw\ntype cbreak\ntype interrupt\nahead\nlost^C\nbehind\n"
        "type tab\nname \nchecks: 19 passed, 0 failed\n";
    EXPECT_NE(run.console.find(wanted), std::string::npos) << run.console;
}

// Typed faster than the shell ends the command: it drops what is typed before Ctrl-C, and nothing behind it.
TEST(Console, CtrlCLeavesWhatIsTypedBehindIt)
{
    const Outcome run = at_terminal("user_garbage", R"('xsh $ ' 'sleep 100000\rcat\r\x03\renough\r\x04')");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.console;
}

class Paste : public testing::TestWithParam<const char *>
{
};
INSTANTIATE_TEST_SUITE_P(Into, Paste, testing::Values("reader", "busy"),
                         [](const auto &process) { return std::string(process.param); });

// At 115200 baud. The busy process does not read for longer than all the bytes take.
TEST_P(Paste, LosesNoByteOf10000)
{
    std::string bytes;
    for (int line = 0; bytes.size() < 10000; ++line)
        bytes += "line " + std::to_string(line) + std::string(line * 7 % 60, 'x') + "\n";
    std::uint32_t sum = 0, lines = 0;
    for (const char c : bytes) {
        sum = sum * 31 + static_cast<unsigned char>(c);
        lines += c == '\n';
    }
    const std::string file = testing::TempDir() + "paste-" + GetParam();
    std::ofstream(file) << GetParam() << "\n" << bytes << '\x04';
    const Outcome run = at_terminal("console_paste", "'paste' '@" + file + "'", "--typed-rate 11520");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.console;
    const std::string wanted =
        std::to_string(lines) + " lines, " + std::to_string(bytes.size()) + " bytes, sum " + std::to_string(sum) + "\n";
    EXPECT_NE(run.console.find(wanted), std::string::npos) << "wanted " << wanted << run.console;
}

// Text that goes through the buffer is whole and in order, whoever drains it: the transmit interrupt, kprintf(), a
// process that has masked interrupts, the end of the run.
TEST(Console, OutputWaitsForASlowLine)
{
    const Outcome run = at_terminal("console_slow", "", "--read-rate 4000");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.console;
    EXPECT_EQ(count_of(run.console, " 0123456789012345678901234567890123456789\n"), 260U) << run.console;
    const std::string wanted = "worked 1\nprintf 0, kprintf 0\nprintf 1, kprintf 1\nprintf 2, kprintf 2\n"
                               "printf 3, kprintf 3\nprintf 4, kprintf 4\nmasked 00 ";
    EXPECT_NE(run.console.find(wanted), std::string::npos) << run.console;
    EXPECT_NE(run.console.find("\nthe end\n\n\nAll user processes have completed.\n"), std::string::npos)
        << run.console;
}

// A key stays in the device until there is room for its echo.
TEST(Console, KeysAreEchoedWhileOutputIsFull)
{
    const std::string keys(2000, 'Q');
    const Outcome run = at_terminal("console_echo", "789 " + keys + "'\n'", "--read-rate 4000");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.console;
    EXPECT_NE(run.console.find("read all\n"), std::string::npos) << run.console;
    EXPECT_EQ(count_of(run.console, "Q"), keys.size()) << run.console;
}

// At the keyboard: Shift, an arrow key that moves within the line, those that bring an earlier line, Ctrl-C, Tab. What
// is typed and printed is both on the serial line and in the video memory.
TEST(Console, HasAScreenAndAKeyboard)
{
    const Outcome run = at_terminal("console_screen",
                                    R"('$' 'rows X\r' '^rom kprintf of X ' 'echo Tw!\x1b[Do\r' '\nTwo!\nxsh $' )"
                                    R"('\x1b[A\x1b[AY\r' '^rom kprintf of XY ' 'forever\r' '\nwaiting' '\x03' )"
                                    R"('^C' 'powe\t' 'poweroff' '\r')",
                                    "--screen");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.console;
    const std::size_t at = run.console.find("\nscreen:\n");
    const std::string serial = run.console.substr(0, at), screen = run.console.substr(at + 1);
    EXPECT_NE(screen.find("\nrow 229 of XY\n^rom kprintf of XY      tab, theN\nxsh $ forever\n"
                          "waiting\n^C\nxsh $ poweroff\n"),
              std::string::npos)
        << run.console;
    EXPECT_NE(serial.find("\nrow 229 of XY\nfrom kprintf of XY\ttab, then\bN\r^\nxsh $ forever\n"
                          "waiting\n^C\nxsh $ poweroff"),
              std::string::npos)
        << run.console;
    EXPECT_EQ(count_of(serial, "\nTwo!\nxsh $ "), 1U) << run.console;
}

} // namespace
} // namespace detour::test
