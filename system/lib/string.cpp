// string.cpp - C's string functions
#include <xinu/string.h>

namespace
{

bool contains(const char *set, char c)
{
    for (; *set != '\0'; ++set)
        if (*set == c)
            return true;
    return false;
}

char *scan_position; // strtok's position in its text, or nullptr at the end

} // namespace

extern "C" {

size_t strlen(const char *text) noexcept
{
    const char *end = text;
    while (*end != '\0') {
        ++end;
        asm volatile(""); // otherwise GCC recognises strlen, and compiles the loop to a call to strlen itself
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
    return static_cast<unsigned char>(*left) - static_cast<unsigned char>(*right);
}

int strncmp(const char *left, const char *right, size_t count) noexcept
{
    for (; count != 0; --count, ++left, ++right) {
        if (*left != *right)
            return static_cast<unsigned char>(*left) - static_cast<unsigned char>(*right);
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
