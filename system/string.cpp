// string.cpp - C's memory and string functions; the compiler calls the first four on its own account
#include <xinu/string.h>

#include <stdint.h>

namespace
{

using Byte = unsigned char;
using Word [[gnu::may_alias]] = uintptr_t; // the machine's word, read where anything may be stored

constexpr uintptr_t kWordMask = sizeof(Word) - 1;

uintptr_t address_of(const void *at)
{
    return reinterpret_cast<uintptr_t>(at);
}

// Stands in each copying or filling loop. Without it GCC recognises the loop as memcpy, memmove or memset,
// and turns the function into an endless call of itself.
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

bool contains(const char *set, char c)
{
    for (; *set != '\0'; ++set)
        if (*set == c)
            return true;
    return false;
}

char *scan_position; // strtok's place in its text, or nullptr at the end

} // namespace

extern "C" {

void *memcpy(void *to, const void *from, size_t count) noexcept
{
    copy_upwards(static_cast<Byte *>(to), static_cast<const Byte *>(from), count);
    return to;
}

void *memmove(void *to, const void *from, size_t count) noexcept
{
    // Unsigned: also true when `to` lies below `from`, where copying upwards is safe.
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
    const Word word = static_cast<Word>(-1) / 0xFF * fill; // the byte in every place
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

size_t strlen(const char *text) noexcept
{
    const char *end = text;
    while (*end != '\0') {
        ++end;
        keep_loop();
    }
    return static_cast<size_t>(end - text);
}

size_t strnlen(const char *text, size_t limit) noexcept
{
    size_t length = 0;
    while (length < limit && text[length] != '\0')
        ++length;
    return length;
}

char *strcpy(char *to, const char *from) noexcept
{
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char *strncpy(char *to, const char *from, size_t count) noexcept
{
    const size_t length = strnlen(from, count);
    memcpy(to, from, length);
    memset(to + length, '\0', count - length);
    return to;
}

char *strcat(char *to, const char *from) noexcept
{
    memcpy(to + strlen(to), from, strlen(from) + 1);
    return to;
}

char *strncat(char *to, const char *from, size_t count) noexcept
{
    char *const end = to + strlen(to);
    const size_t length = strnlen(from, count);
    memcpy(end, from, length);
    end[length] = '\0';
    return to;
}

int strcmp(const char *left, const char *right) noexcept
{
    for (; *left != '\0' && *left == *right; ++left)
        ++right;
    return static_cast<Byte>(*left) - static_cast<Byte>(*right);
}

int strncmp(const char *left, const char *right, size_t count) noexcept
{
    for (; count != 0; --count, ++left, ++right) {
        if (*left != *right)
            return static_cast<Byte>(*left) - static_cast<Byte>(*right);
        if (*left == '\0')
            return 0;
    }
    return 0;
}

char *strchr(const char *text, int c) noexcept
{
    for (; *text != static_cast<char>(c); ++text)
        if (*text == '\0')
            return nullptr;
    return const_cast<char *>(text);
}

char *strrchr(const char *text, int c) noexcept
{
    const char *at = text + strlen(text);
    for (;; --at) {
        if (*at == static_cast<char>(c))
            return const_cast<char *>(at);
        if (at == text)
            return nullptr;
    }
}

char *strstr(const char *text, const char *part) noexcept
{
    const size_t length = strlen(part);
    for (; strncmp(text, part, length) != 0; ++text)
        if (*text == '\0')
            return nullptr;
    return const_cast<char *>(text);
}

size_t strspn(const char *text, const char *accepted) noexcept
{
    size_t length = 0;
    while (text[length] != '\0' && contains(accepted, text[length]))
        ++length;
    return length;
}

size_t strcspn(const char *text, const char *rejected) noexcept
{
    size_t length = 0;
    while (text[length] != '\0' && !contains(rejected, text[length]))
        ++length;
    return length;
}

char *strpbrk(const char *text, const char *accepted) noexcept
{
    text += strcspn(text, accepted);
    return *text != '\0' ? const_cast<char *>(text) : nullptr;
}

char *strtok(char *text, const char *separators) noexcept
{
    if (text == nullptr)
        text = scan_position;
    if (text == nullptr)
        return nullptr;
    text += strspn(text, separators);
    scan_position = nullptr;
    if (*text == '\0')
        return nullptr;
    char *const end = text + strcspn(text, separators);
    if (*end != '\0') {
        *end = '\0';
        scan_position = end + 1;
    }
    return text;
}

int strcoll(const char *left, const char *right) noexcept
{
    return strcmp(left, right);
}

size_t strxfrm(char *to, const char *from, size_t size) noexcept
{
    const size_t length = strlen(from);
    if (length < size)
        memcpy(to, from, length + 1);
    return length;
}

char *strerror(int) noexcept
{
    static char message[] = "error";
    return message;
}

} // extern "C"
