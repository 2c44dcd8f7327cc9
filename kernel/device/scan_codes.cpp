#include "kernel/device/scan_codes.hpp"

namespace detour
{

namespace
{

constexpr uint8_t kExtended = 0xE0;
constexpr uint8_t kReleased = 0x80;
constexpr uint8_t kControl = 0x1D;
constexpr uint8_t kLeftShift = 0x2A;
constexpr uint8_t kRightShift = 0x36;
constexpr uint8_t kCapsLock = 0x3A;

// By scan code, from 0x00 to 0x39; 0 where a key has no character.
constexpr char kPlain[] = "\0\x1B"
                          "1234567890-=\b\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
constexpr char kShifted[] = "\0\x1B"
                            "!@#$%^&*()_+\b\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";
constexpr uint8_t kKeys = sizeof kPlain - 1;
static_assert(kKeys == 0x3A && sizeof kShifted == sizeof kPlain);

bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

} // namespace

bool ScanCodes::modifier(uint8_t key, bool pressed)
{
    const auto set = [pressed](uint8_t &keys, uint8_t bit) {
        keys = static_cast<uint8_t>(pressed ? keys | bit : keys & ~bit);
    };
    switch (key) {
    case kLeftShift:
        set(shift_, 1);
        return true;
    case kRightShift:
        set(shift_, 2);
        return true;
    case kControl:
        set(control_, extended_ ? 2 : 1);
        return true;
    case kCapsLock:
        caps_lock_ ^= pressed;
        return true;
    default:
        return false;
    }
}

char ScanCodes::character(uint8_t key) const
{
    if (key >= kKeys)
        return 0;
    const char plain = kPlain[key];
    if (control_ != 0 && (is_letter(plain) || (plain >= '[' && plain <= ']')))
        return static_cast<char>(plain & 0x1F);
    return (shift_ != 0) != (caps_lock_ && is_letter(plain)) ? kShifted[key] : plain;
}

std::string_view ScanCodes::decode_extended(uint8_t key) const
{
    switch (key) {
    case 0x1C: // Enter of the keypad
        return "\r";
    case 0x35:
        return "/";
    case 0x47:
        return "\x1B[H";
    case 0x48:
        return "\x1B[A";
    case 0x4B:
        return "\x1B[D";
    case 0x4D:
        return "\x1B[C";
    case 0x4F:
        return "\x1B[F";
    case 0x50:
        return "\x1B[B";
    case 0x53:
        return "\x1B[3~";
    default:
        return {};
    }
}

std::string_view ScanCodes::decode(uint8_t code)
{
    if (code == kExtended) {
        extended_ = true;
        return {};
    }
    const auto key = static_cast<uint8_t>(code & ~kReleased);
    const bool pressed = (code & kReleased) == 0;
    // 0xE0 before a shift is no key: the keyboard sends it around some others.
    const bool no_key = extended_ && (key == kLeftShift || key == kRightShift);
    const bool none = no_key || modifier(key, pressed) || !pressed;
    const bool extended = extended_;
    extended_ = false;
    if (none)
        return {};
    if (extended)
        return decode_extended(key);
    text_ = character(key);
    return text_ == 0 ? std::string_view{} : std::string_view(&text_, 1);
}

} // namespace detour
