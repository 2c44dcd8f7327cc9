// text_screen_test.cpp - the text screen, in memory that is only memory
#include "kernel/device/text_screen.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace detour
{
namespace
{

class TextScreenTest : public testing::Test
{
protected:
    TextScreenTest() { screen_.begin(memory_.data()); }

    void put(const std::string &text)
    {
        for (const char c : text)
            screen_.put(c);
    }

    std::string row(uint32_t number) const
    {
        std::string text;
        for (uint32_t column = 0; column < TextScreen::kColumns; ++column)
            text += static_cast<char>(memory_[screen_.start() + number * TextScreen::kColumns + column]);
        return text.substr(0, text.find_last_not_of(' ') + 1);
    }

    uint32_t column() const { return (screen_.cursor() - screen_.start()) % TextScreen::kColumns; }
    uint32_t cursor_row() const { return (screen_.cursor() - screen_.start()) / TextScreen::kColumns; }

    std::array<uint16_t, std::size_t{TextScreen::kMemoryRows} * TextScreen::kColumns> memory_{};
    TextScreen screen_;
};

TEST_F(TextScreenTest, ShowsTextInLines)
{
    put("one\ntwo\rT\n");
    EXPECT_EQ(row(0), "one");
    EXPECT_EQ(row(1), "Two");
    EXPECT_EQ(column(), 0U);
    EXPECT_EQ(cursor_row(), 2U);
    EXPECT_EQ(memory_[0], 0x0700 | 'o');
}

TEST_F(TextScreenTest, TabsAndBackspacesMoveTheCursor)
{
    put("a\tb\b\bc");
    EXPECT_EQ(row(0), "a      cb");
    put("\r\b\b");
    EXPECT_EQ(column(), 0U);
    put(std::string(79, 'x') + "\t");
    EXPECT_EQ(column(), 79U);
}

TEST_F(TextScreenTest, LongLinesGoOnInTheNextRow)
{
    put(std::string(81, 'x'));
    EXPECT_EQ(row(0), std::string(80, 'x'));
    EXPECT_EQ(row(1), "x");
}

TEST_F(TextScreenTest, ScrollsThroughTheWholeMemoryAndBeyond)
{
    for (uint32_t line = 0; line < 1000; ++line) {
        put("\nline " + std::to_string(line));
        ASSERT_LE(screen_.start() + TextScreen::kRows * TextScreen::kColumns, memory_.size());
        ASSERT_EQ(row(cursor_row()), "line " + std::to_string(line));
        if (line >= TextScreen::kRows - 1) {
            ASSERT_EQ(row(0), "line " + std::to_string(line - (TextScreen::kRows - 1)));
        }
    }
}

TEST_F(TextScreenTest, CarriesOutTheSequencesOfAnEditedLine)
{
    put("abcd\x1B[3D\x1B[2@xy");
    EXPECT_EQ(row(0), "axybcd");
    put("\x1B[1C\x1B[1P");
    EXPECT_EQ(row(0), "axybd");
    put("\x1B[999P\x1B[999D\x1B[999@\x1B[999Cz");
    EXPECT_EQ(row(0), std::string(79, ' ') + "z");
    put("\x1B[2J\x1B[Hnew");
    EXPECT_EQ(row(0), "new");
    put("\x1B[7m\x1Bxtext\a");
    EXPECT_EQ(row(0), "newtext");
}

} // namespace
} // namespace detour
