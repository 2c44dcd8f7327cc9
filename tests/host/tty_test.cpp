// tty_test.cpp - what the terminal makes of typed characters, without a device
#include "kernel/device/tty.hpp"

#include <gtest/gtest.h>

#include <string>

namespace detour
{
namespace
{

constexpr const char *kUp = "\x1B[A";
constexpr const char *kDown = "\x1B[B";
constexpr const char *kRight = "\x1B[C";
constexpr const char *kLeft = "\x1B[D";
constexpr const char *kHome = "\x1B[H";
constexpr const char *kEnd = "\x1B[4~";
constexpr const char *kDelete = "\x1B[3~";

// One row of a screen that carries out what the terminal sends to it.
class Row
{
public:
    void put(char c)
    {
        if (!sequence_.empty() || c == '\x1B')
            return put_sequence(c);
        if (c == '\b')
            --cursor_;
        else if (c == '\n')
            cells_.clear(), cursor_ = 0;
        else
            cells_.resize(std::max(cells_.size(), cursor_ + 1), ' '), cells_[cursor_++] = c;
    }

    std::string text() const
    {
        const auto last = cells_.find_last_not_of(' ');
        return last == std::string::npos ? "" : cells_.substr(0, last + 1);
    }
    std::size_t cursor() const { return cursor_; }

private:
    void put_sequence(char c)
    {
        sequence_ += c;
        if (c < '@' || c == '[')
            return;
        const auto count = static_cast<std::size_t>(std::stoi(sequence_.substr(2)));
        if (c == 'D')
            cursor_ -= count;
        else if (c == 'C')
            cursor_ += count;
        else if (c == '@')
            cells_.insert(cursor_, count, ' ');
        else if (c == 'P')
            cells_.erase(cursor_, count);
        else
            ADD_FAILURE() << "unknown sequence that ends in " << c;
        sequence_.clear();
    }

    std::string cells_;
    std::string sequence_;
    std::size_t cursor_ = 0;
};

class TtyTest : public testing::Test
{
protected:
    // Types; returns what was shown.
    std::string type(const std::string &text)
    {
        shown_.clear();
        for (const char c : text) {
            const std::size_t before = shown_.size();
            interrupts_ += tty_.input(c);
            EXPECT_LE(shown_.size() - before, EditLine::kMostEcho);
        }
        return shown_;
    }

    std::string read()
    {
        std::string text;
        while (tty_.available() != 0)
            text += tty_.take();
        return text;
    }

    // What a line is after this has been typed; expects that the screen shows the same.
    std::string line(const std::string &typed)
    {
        row_ = {};
        type(typed);
        const std::string on_screen = row_.text();
        type("\n");
        const std::string text = read();
        EXPECT_EQ(text, on_screen + "\n");
        return text.substr(0, text.size() - 1);
    }

    Tty tty_{{[](void *test, char c) {
                  static_cast<TtyTest *>(test)->shown_ += c;
                  static_cast<TtyTest *>(test)->row_.put(c);
              },
              this}};
    std::string shown_;
    Row row_;
    int interrupts_ = 0;
};

TEST_F(TtyTest, ReleasesLinesWhenTheyAreComplete)
{
    EXPECT_EQ(type("abc"), "abc");
    EXPECT_EQ(tty_.available(), 0U);
    EXPECT_EQ(type("\r"), "\n");
    EXPECT_EQ(read(), "abc\n");
    type("two\nlines\nand");
    EXPECT_EQ(read(), "two\nlines\n");
}

TEST_F(TtyTest, EndOfDataReleasesWhatThereIs)
{
    EXPECT_EQ(type("ab\x04"), "ab");
    EXPECT_EQ(read(), "ab\x04");
    EXPECT_TRUE(tty_.is_end('\x04'));
    tty_.set_mode(Tty::Mode::kRaw);
    EXPECT_FALSE(tty_.is_end('\x04'));
}

TEST_F(TtyTest, LinesAreEdited)
{
    EXPECT_EQ(type("ab\b"), "ab\b \b"); // what the simplest terminal understands
    type("\n");
    EXPECT_EQ(read(), "a\n");
    EXPECT_EQ(line("abc\x7F\x7Fx"), "ax");
    EXPECT_EQ(line("\b\bab\b\b\b\bc"), "c");
    EXPECT_EQ(line("first second  \x17third"), "first third");
    EXPECT_EQ(line("\x17one\x17\x17two"), "two");
    EXPECT_EQ(line("gone\x15here"), "here");
}

TEST_F(TtyTest, TheCursorMoves)
{
    const std::string left = kLeft, right = kRight, home = kHome, end = kEnd, erase = kDelete;
    EXPECT_EQ(line("ac" + left + "b"), "abc");
    EXPECT_EQ(line("bc" + home + "a" + end + "d"), "abcd");
    EXPECT_EQ(line("abc" + left + left + "\b"), "bc");
    EXPECT_EQ(line("abc" + home + erase + right + erase), "b");
    EXPECT_EQ(line("abc" + home + left + left + "x" + end + right + right + "y" + erase), "xabcy");
    EXPECT_EQ(line("one two" + left + left + "\x17"), "one wo");
    EXPECT_EQ(line("abc" + left + "\x15" + "d"), "d");
    EXPECT_EQ(line("a\x1B[1;5Cb\x1B[99~c\x1BOHd"), "dabc"); // keys without a meaning; Home as in application mode
}

TEST_F(TtyTest, ControlCharactersAndUtf8TakeTheirColumns)
{
    EXPECT_EQ(type("\x01"), "^A");
    EXPECT_EQ(type("\b"), "\b\b  \b\b");
    EXPECT_EQ(type("a\tb\n"), "a b\n");
    EXPECT_EQ(read(), "a\tb\n");
    EXPECT_EQ(type("\xC3\xA4\b"), "\xC3\xA4\b \b");
    type("x\xC3\xA4");
    type(kLeft);
    type("y\n");
    EXPECT_EQ(read(), "xy\xC3\xA4\n");
}

TEST_F(TtyTest, ArrowKeysBringEarlierLines)
{
    const std::string up = kUp, down = kDown;
    type("one\ntwo\ntwo\n\n");
    read();
    EXPECT_EQ(line(up), "two");
    EXPECT_EQ(line(up + up), "one");
    EXPECT_EQ(line(up + up + up + up), "one"); // there is nothing before the first
    EXPECT_EQ(line("lost" + up + down + "typed"), "typed");
    EXPECT_EQ(line(up + "!"), "typed!");
    EXPECT_EQ(line(down), "");
}

TEST_F(TtyTest, HistoryKeepsTheLastLines)
{
    for (uint32_t i = 0; i < History::kLines + 3; ++i)
        type("line " + std::to_string(i) + "\n");
    read();
    std::string up;
    for (uint32_t i = 0; i < History::kLines + 10; ++i)
        up += kUp;
    EXPECT_EQ(line(up), "line 3");
}

TEST_F(TtyTest, WithoutAnEchoALineIsSecret)
{
    tty_.set_echo(false);
    EXPECT_EQ(type("password\b\b\n"), "");
    EXPECT_EQ(read(), "passwo\n");
    tty_.set_echo(true);
    EXPECT_EQ(line(kUp), "");
}

TEST_F(TtyTest, CbreakReleasesEachCharacter)
{
    type("begun");
    tty_.set_mode(Tty::Mode::kCbreak);
    EXPECT_EQ(read(), "begun");
    EXPECT_EQ(type("a\b\r\x1B[A"), "a^H\n^[[A");
    EXPECT_EQ(read(), "a\b\n\x1B[A");
    type("\x13");
    EXPECT_TRUE(tty_.stopped());
}

TEST_F(TtyTest, RawHasNoSpecialCharacters)
{
    tty_.set_mode(Tty::Mode::kRaw);
    std::string all;
    for (int c = 0; c < 256; ++c)
        all += static_cast<char>(c);
    EXPECT_EQ(type(all), "");
    EXPECT_EQ(read(), all);
    EXPECT_EQ(interrupts_, 0);
    EXPECT_FALSE(tty_.stopped());
}

TEST_F(TtyTest, OutputStopsAndGoesOn)
{
    type("a\x13");
    EXPECT_TRUE(tty_.stopped());
    type("\x11");
    EXPECT_FALSE(tty_.stopped());
    type("\x13");
    EXPECT_EQ(type("b"), "b"); // any other character starts output, too
    EXPECT_FALSE(tty_.stopped());
    type("\n");
    EXPECT_EQ(read(), "ab\n");
}

TEST_F(TtyTest, InterruptGivesUpTheLine)
{
    type("ready\n");
    EXPECT_EQ(type("half a line\x03"), "half a line^C\n");
    EXPECT_EQ(interrupts_, 1);
    EXPECT_EQ(read(), "ready\n\n");
}

TEST_F(TtyTest, WhatIsTypedBehindAnInterruptStays)
{
    for (int round = 0; round < 200; ++round) { // around the end of the queue
        type("ahead\nand\nmore\x03");
        tty_.forget_earlier();
        type("behind\n");
        EXPECT_EQ(read(), "\nbehind\n");
    }
}

TEST_F(TtyTest, ALineThatIsTooLongIsNotLost)
{
    std::string typed;
    for (int i = 0; i < 300; ++i)
        typed += static_cast<char>('a' + i % 26);
    type(typed + "\n");
    EXPECT_EQ(read(), typed + "\n");
}

TEST_F(TtyTest, ThereIsRoomForWhatOneCharacterReleases)
{
    uint32_t taken = 0;
    while (tty_.has_room() && taken < 10000) {
        tty_.input("0123456789\n"[taken % 11]);
        ++taken;
    }
    EXPECT_GT(taken, 700U);
    std::string rest(kLineBytes - 1, 'x');
    const uint32_t before = tty_.available();
    type(rest + "\n");
    EXPECT_EQ(tty_.available(), before + kLineBytes + taken % 11);
}

TEST_F(TtyTest, TabReleasesTheLineForItsReaderToComplete)
{
    tty_.set_tab(true);
    EXPECT_EQ(type("he\t"), "he");
    EXPECT_FALSE(tty_.has_room()); // keys behind the tab stay in the device
    EXPECT_EQ(read(), "he\t");
    shown_.clear();
    tty_.preset("help ", 2);
    EXPECT_TRUE(tty_.has_room());
    EXPECT_EQ(shown_, "lp ");
    type("x\b\b\n");
    EXPECT_EQ(read(), "help\n");
    type("\t");
    tty_.read_on(); // a reader that completes nothing
    EXPECT_TRUE(tty_.has_room());
}

TEST_F(TtyTest, APresetLineLeavesRoomForACharacter)
{
    tty_.preset(std::string(200, 'a'), 200);
    tty_.input('b');
    tty_.input('\n');
    EXPECT_EQ(tty_.available(), kLineBytes + 1); // 126 letters a, b, and the newline
}

TEST_F(TtyTest, TheNextCharacterCanBeReleasedAtOnce)
{
    type("ab");
    tty_.release_next();
    EXPECT_EQ(read(), "ab");
    EXPECT_EQ(type("c"), "");
    EXPECT_EQ(read(), "c");
    EXPECT_EQ(type("d"), "d");
    EXPECT_EQ(read(), "");
}

} // namespace
} // namespace detour
