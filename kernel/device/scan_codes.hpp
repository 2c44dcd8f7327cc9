// scan_codes.hpp - the characters of a PC keyboard, with the US layout
#pragma once

#include <cstdint>
#include <string_view>

namespace detour
{

// Decodes scan code set 1, which the PC's keyboard controller makes of what any keyboard sends.
class ScanCodes
{
public:
    // The characters for which this code stands, at most 4: none for a key that is released, or has no character; for
    // an arrow key and its like, the sequence that a terminal sends. Enter is CR, as on a terminal. Valid until the
    // next call.
    std::string_view decode(uint8_t code);

private:
    std::string_view decode_extended(uint8_t key) const;
    bool modifier(uint8_t key, bool pressed);
    char character(uint8_t key) const;

    char text_ = 0;
    bool extended_ = false; // the code before was 0xE0
    uint8_t shift_ = 0;     // bit 0: left, bit 1: right
    uint8_t control_ = 0;
    bool caps_lock_ = false;
};

} // namespace detour
