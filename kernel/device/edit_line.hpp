// edit_line.hpp - the line that is being typed: its text, the cursor, and the lines before it
//
// Each change is shown on the terminal at once, through a sink. What lies behind the cursor is moved there by the
// terminal itself, with the sequences of ECMA-48 that a terminal with arrow keys understands: a change takes a few
// characters, however long the line is. A line that is longer than the terminal is wide can only be changed at its end.
#pragma once

#include "kernel/device/history.hpp"
#include "kernel/text/sink.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace detour
{

class EditLine
{
public:
    static constexpr uint32_t kMostEcho = 2 * kLineBytes + 32; // the most characters that one change shows

    std::string_view text() const { return {text_.data(), length_}; }
    bool empty() const { return length_ == 0; }
    bool full() const { return length_ == kLineBytes; }

    void insert(const Sink &screen, char c); // at the cursor; the line must not be full
    void erase_before(const Sink &screen);   // the character before the cursor
    void erase_at(const Sink &screen);       // the character at the cursor
    void erase_word(const Sink &screen);     // the word before the cursor
    void erase_all(const Sink &screen);
    void left(const Sink &screen);
    void right(const Sink &screen);
    void home(const Sink &screen);
    void end(const Sink &screen);
    void older(const Sink &screen); // replaces the line by the one before it in the history, and back
    void newer(const Sink &screen);

    void remember();                 // the line goes into the history
    void clear();                    // begins an empty line; shows nothing
    void set(std::string_view text); // at most kLineBytes - 1 are used: not full; shows nothing

private:
    std::string_view part(uint32_t from, uint32_t to) const { return {text_.data() + from, to - from}; }
    uint32_t before() const; // where the character before the cursor begins
    uint32_t after() const;  // where the next one begins
    void remove(const Sink &screen, uint32_t from);
    void replace(const Sink &screen, std::string_view text);

    std::array<char, kLineBytes> text_{};
    uint32_t length_ = 0;
    uint32_t cursor_ = 0;
    History history_{};
};

// Shows a character as it is echoed: a control character as ^X, in two columns, and a tab as a space.
void show(const Sink &screen, char c);

} // namespace detour
