#include "kernel/device/typed_keys.hpp"

namespace detour
{

namespace
{

constexpr char kEscape = 0x1B;

Key key_of_letter(char c)
{
    switch (c) {
    case 'A':
        return Key::kUp;
    case 'B':
        return Key::kDown;
    case 'C':
        return Key::kRight;
    case 'D':
        return Key::kLeft;
    case 'H':
        return Key::kHome;
    case 'F':
        return Key::kEnd;
    default:
        return Key::kNone;
    }
}

Key key_of_number(uint8_t number)
{
    switch (number) {
    case 1:
    case 7:
        return Key::kHome;
    case 3:
        return Key::kDelete;
    case 4:
    case 8:
        return Key::kEnd;
    default:
        return Key::kNone;
    }
}

} // namespace

Key KeySequence::next(char c)
{
    if (c == kEscape) {
        state_ = State::kEscape;
        return Key::kNone;
    }
    if (state_ == State::kEscape && (c == '[' || c == 'O')) {
        state_ = State::kParameters;
        number_ = 0;
        return Key::kNone;
    }
    if (state_ != State::kParameters ||
        c < ' ') { // a lone Escape means nothing; no sequence contains a control character
        state_ = State::kStart;
        return Key::kCharacter;
    }
    if (c >= '0' && c <= '9')
        number_ = static_cast<uint8_t>(number_ * 10 + (c - '0'));
    if (c < '@') {
        if (c == ';')
            number_ = 0; // of several parameters, the last is a modifier
        return Key::kNone;
    }
    state_ = State::kStart;
    return c == '~' ? key_of_number(number_) : key_of_letter(c);
}

} // namespace detour
