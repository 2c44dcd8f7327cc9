// text_screen.hpp - what a text screen makes of characters: lines, scrolling, the sequences of an edited line
#pragma once

#include <cstdint>

namespace detour
{

// A window of 25 rows into the rows of the video memory: only these are shown. To scroll, the window moves down by a
// row, and from the end of the memory to its beginning. The rows that are shown there then have been copied one by one,
// each when the cursor left it: no line costs more than two rows of cells.
class TextScreen
{
public:
    static constexpr uint32_t kColumns = 80;
    static constexpr uint32_t kRows = 25;
    static constexpr uint32_t kMemoryRows = 204; // of 32 KiB

    // Uses this memory, of kMemoryRows rows, and clears the screen. A cell is a character and its colours.
    void begin(uint16_t *memory);

    // Shows a character: CR, LF, which begins a new line, BS, TAB to the next column that is a multiple of 8, and the
    // control sequences of EditLine; ESC [ 2 J and ESC [ H, which clear the screen and go to its first cell.
    void put(char c);

    uint32_t start() const { return top_ * kColumns; }                     // the first cell that is shown
    uint32_t cursor() const { return (top_ + row_) * kColumns + column_; } // the cell of the cursor

private:
    enum class State : uint8_t { kText, kEscape, kParameters };

    void put_text(char c);
    void put_sequence(char c);
    void carry_out(char final);
    void new_line();
    void leave_row();
    void clear();
    void insert_cells(uint32_t count);
    void remove_cells(uint32_t count);
    uint16_t *row() { return memory_ + (top_ + row_) * kColumns; }

    uint16_t *memory_ = nullptr;
    uint32_t top_ = 0;
    uint32_t row_ = 0;
    uint32_t column_ = 0;
    uint32_t number_ = 0;
    State state_ = State::kText;
};

} // namespace detour
