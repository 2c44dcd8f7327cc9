// typed_keys.hpp - the keys in a stream of typed characters, of which some are sequences
#pragma once

#include <cstdint>

namespace detour
{

enum class Key : uint8_t {
    kNone, // in the middle of a sequence, or after one that is not known
    kCharacter,
    kUp,
    kDown,
    kLeft,
    kRight,
    kHome,
    kEnd,
    kDelete,
};

// Recognizes what terminals send for keys: ESC [ letter, ESC O letter, ESC [ number ~ (ECMA-48; xterm's control
// sequences).
class KeySequence
{
public:
    Key next(char c);
    void reset() { state_ = State::kStart; }

private:
    enum class State : uint8_t { kStart, kEscape, kParameters };

    State state_ = State::kStart;
    uint8_t number_ = 0;
};

} // namespace detour
