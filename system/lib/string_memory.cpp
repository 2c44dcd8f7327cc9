// string_memory.cpp - C's memory functions; the compiler itself generates calls to the first four
#include <xinu/string.h>

#include <stdint.h>

namespace
{

using Byte = unsigned char;
using Word [[gnu::may_alias]] = uintptr_t; // a machine word; may alias objects of any type

constexpr uintptr_t kWordMask = sizeof(Word) - 1;

uintptr_t address_of(const void *at)
{
    return reinterpret_cast<uintptr_t>(at);
}

// Used in each copying or filling loop. Without it GCC recognises the loop as memcpy, memmove or memset, and turns the
// function into an endless recursion.
inline void keep_loop()
{
    asm volatile("");
}

void copy_upwards(Byte *to, const Byte *from, size_t count)
{
    if (((address_of(to) ^ address_of(from)) & kWordMask) == 0) {
        for (; count != 0 && (address_of(to) & kWordMask) != 0; --count) {
            *to++ = *from++;
            keep_loop();
        }
        for (; count >= sizeof(Word); count -= sizeof(Word)) {
            *reinterpret_cast<Word *>(to) = *reinterpret_cast<const Word *>(from);
            to += sizeof(Word);
            from += sizeof(Word);
            keep_loop();
        }
    }
    for (; count != 0; --count) {
        *to++ = *from++;
        keep_loop();
    }
}

void copy_downwards(Byte *to, const Byte *from, size_t count)
{
    to += count;
    from += count;
    if (((address_of(to) ^ address_of(from)) & kWordMask) == 0) {
        for (; count != 0 && (address_of(to) & kWordMask) != 0; --count) {
            *--to = *--from;
            keep_loop();
        }
        for (; count >= sizeof(Word); count -= sizeof(Word)) {
            to -= sizeof(Word);
            from -= sizeof(Word);
            *reinterpret_cast<Word *>(to) = *reinterpret_cast<const Word *>(from);
            keep_loop();
        }
    }
    for (; count != 0; --count) {
        *--to = *--from;
        keep_loop();
    }
}

} // namespace

extern "C" {

void *memcpy(void *to, const void *from, size_t count) noexcept
{
    copy_upwards(static_cast<Byte *>(to), static_cast<const Byte *>(from), count);
    return to;
}

void *memmove(void *to, const void *from, size_t count) noexcept
{
    // Unsigned: also true if `to` lies below `from`, where copying upwards is safe.
    if (address_of(to) - address_of(from) >= count)
        copy_upwards(static_cast<Byte *>(to), static_cast<const Byte *>(from), count);
    else
        copy_downwards(static_cast<Byte *>(to), static_cast<const Byte *>(from), count);
    return to;
}

void *memset(void *to, int value, size_t count) noexcept
{
    auto *at = static_cast<Byte *>(to);
    const auto fill = static_cast<Byte>(value);
    const Word word = static_cast<Word>(-1) / 0xFF * fill; // the byte in every position
    for (; count != 0 && (address_of(at) & kWordMask) != 0; --count) {
        *at++ = fill;
        keep_loop();
    }
    for (; count >= sizeof(Word); count -= sizeof(Word)) {
        *reinterpret_cast<Word *>(at) = word;
        at += sizeof(Word);
        keep_loop();
    }
    for (; count != 0; --count) {
        *at++ = fill;
        keep_loop();
    }
    return to;
}

void bzero(void *to, size_t count) noexcept
{
    memset(to, 0, count);
}

int memcmp(const void *left, const void *right, size_t count) noexcept
{
    const auto *a = static_cast<const Byte *>(left);
    const auto *b = static_cast<const Byte *>(right);
    for (; count != 0; --count, ++a, ++b)
        if (*a != *b)
            return *a - *b;
    return 0;
}

void *memchr(const void *from, int value, size_t count) noexcept
{
    const auto *at = static_cast<const Byte *>(from);
    for (; count != 0; --count, ++at)
        if (*at == static_cast<Byte>(value))
            return const_cast<Byte *>(at);
    return nullptr;
}

} // extern "C"
