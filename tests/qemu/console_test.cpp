// console_test.cpp - what is typed and what is printed
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace detour::test
{
namespace
{

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

} // namespace
} // namespace detour::test
