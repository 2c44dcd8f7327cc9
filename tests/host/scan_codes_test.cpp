// scan_codes_test.cpp - what is typed at a PC keyboard
#include "kernel/device/scan_codes.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace detour
{
namespace
{

std::string typed(std::initializer_list<int> scan_codes)
{
    ScanCodes decoder;
    std::string text;
    for (const int code : scan_codes)
        text += decoder.decode(static_cast<uint8_t>(code));
    return text;
}

TEST(ScanCodes, KeysHaveCharacters)
{
    EXPECT_EQ(typed({0x1E, 0x9E, 0x30, 0xB0, 0x39, 0x02, 0x1C}), "ab 1\r");
    EXPECT_EQ(typed({0x01, 0x0E, 0x0F, 0x2B, 0x35, 0x29, 0x28}), "\x1B\b\t\\/`'");
    EXPECT_EQ(typed({0x3B, 0x44, 0x45, 0x57, 0x7F, 0x00, 0x38}), ""); // function keys, locks, Alt
}

TEST(ScanCodes, ShiftAndCapsLock)
{
    EXPECT_EQ(typed({0x2A, 0x1E, 0x02, 0xAA, 0x1E, 0x36, 0x28, 0xB6, 0x28}), "A!a\"'");
    EXPECT_EQ(typed({0x2A, 0x36, 0xAA, 0x1E, 0xB6, 0x1E}), "Aa"); // both, of which one is released
    EXPECT_EQ(typed({0x3A, 0xBA, 0x1E, 0x02, 0x2A, 0x1E, 0xAA, 0x3A, 0xBA, 0x1E}), "A1aa");
}

TEST(ScanCodes, ControlCharacters)
{
    EXPECT_EQ(typed({0x1D, 0x2E, 0x20, 0x1A, 0x9D, 0x2E}), "\x03\x04\x1B"
                                                           "c");
    EXPECT_EQ(typed({0xE0, 0x1D, 0x2E, 0xE0, 0x9D, 0x2E}), "\x03"
                                                           "c");
    EXPECT_EQ(typed({0x1D, 0x02}), "1");
}

TEST(ScanCodes, KeysBesideTheLettersAreSequences)
{
    EXPECT_EQ(typed({0xE0, 0x48, 0xE0, 0xC8, 0xE0, 0x50, 0xE0, 0x4D, 0xE0, 0x4B}), "\x1B[A\x1B[B\x1B[C\x1B[D");
    EXPECT_EQ(typed({0xE0, 0x47, 0xE0, 0x4F, 0xE0, 0x53, 0xE0, 0x1C, 0xE0, 0x35}), "\x1B[H\x1B[F\x1B[3~\r/");
    EXPECT_EQ(typed({0xE0, 0x2A, 0xE0, 0x48, 0xE0, 0xC8, 0xE0, 0xAA, 0x1E}), "\x1B[Aa"); // a shift that is none
}

} // namespace
} // namespace detour
