#include "kernel/device/text_screen.hpp"

#include <algorithm>

namespace detour
{

namespace
{

constexpr uint16_t kGreyOnBlack = 0x0700;
constexpr uint16_t kBlank = kGreyOnBlack | ' ';
constexpr uint32_t kTabColumns = 8;
constexpr uint32_t kLargestNumber = 999;

// From this row on, a row is one of those that are shown when the window has moved to the beginning.
constexpr uint32_t kFirstCopied = TextScreen::kMemoryRows - (TextScreen::kRows - 1);
static_assert(kFirstCopied >= 2 * TextScreen::kRows, "a copy lies outside the window");

} // namespace

void TextScreen::begin(uint16_t *memory)
{
    *this = {};
    memory_ = memory;
    clear();
}

void TextScreen::clear()
{
    top_ = 0;
    std::fill_n(memory_, kRows * kColumns, kBlank);
}

void TextScreen::leave_row()
{
    if (top_ + row_ >= kFirstCopied)
        std::copy_n(row(), kColumns, row() - kFirstCopied * kColumns);
}

void TextScreen::new_line()
{
    leave_row();
    column_ = 0;
    if (row_ + 1 < kRows) {
        ++row_;
        return;
    }
    top_ = top_ + kRows == kMemoryRows ? 0 : top_ + 1;
    std::fill_n(row(), kColumns, kBlank);
}

void TextScreen::put(char c)
{
    state_ == State::kText ? put_text(c) : put_sequence(c);
}

void TextScreen::put_text(char c)
{
    switch (c) {
    case '\n':
        return new_line();
    case '\r':
        column_ = 0;
        return;
    case '\b':
        column_ -= column_ != 0;
        return;
    case '\t':
        column_ = std::min((column_ / kTabColumns + 1) * kTabColumns, kColumns - 1);
        return;
    case '\x1B':
        state_ = State::kEscape;
        return;
    case '\a':
    case '\0':
        return;
    default:
        row()[column_] = static_cast<uint16_t>(kGreyOnBlack | static_cast<unsigned char>(c));
        if (++column_ == kColumns)
            new_line();
    }
}

void TextScreen::put_sequence(char c)
{
    if (state_ == State::kEscape) {
        state_ = c == '[' ? State::kParameters : State::kText;
        number_ = 0;
    } else if (c >= '0' && c <= '9') {
        number_ = std::min(number_ * 10 + static_cast<uint32_t>(c - '0'), kLargestNumber);
    } else if (c >= '@') {
        state_ = State::kText;
        carry_out(c);
    }
}

void TextScreen::carry_out(char final)
{
    const uint32_t count = std::max(number_, 1U);
    switch (final) {
    case 'C':
        column_ = std::min(column_ + count, kColumns - 1);
        return;
    case 'D':
        column_ -= std::min(count, column_);
        return;
    case '@':
        return insert_cells(count);
    case 'P':
        return remove_cells(count);
    case 'H':
        leave_row();
        row_ = column_ = 0;
        return;
    case 'J':
        return clear();
    default:
        return;
    }
}

void TextScreen::insert_cells(uint32_t count)
{
    count = std::min(count, kColumns - column_);
    std::copy_backward(row() + column_, row() + kColumns - count, row() + kColumns);
    std::fill_n(row() + column_, count, kBlank);
}

void TextScreen::remove_cells(uint32_t count)
{
    count = std::min(count, kColumns - column_);
    std::copy(row() + column_ + count, row() + kColumns, row() + column_);
    std::fill_n(row() + kColumns - count, count, kBlank);
}

} // namespace detour
